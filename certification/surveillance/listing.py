"""What the next list has to tell of titles that were removed or renamed (policy 1.2, step 11), and invitations."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from certification.designation.models import Designation
from certification.notice.models import Annex, AnnouncementEntry


class Listing(models.Model):
    """A removal or a new name that the next announcement of its authority and level tells."""

    designation = models.ForeignKey(Designation, on_delete=models.CASCADE, related_name="listings")
    annex = models.CharField(_("annex"), max_length=8, choices=Annex)
    detail = models.CharField(max_length=300, blank=True)
    since_on = models.DateField(_("since"))
    told_in = models.ForeignKey(
        AnnouncementEntry, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("change to announce")
        verbose_name_plural = _("changes to announce")
        constraints = [
            models.UniqueConstraint(
                fields=["designation", "annex"],
                condition=models.Q(told_in__isnull=True),
                name="waits_for_the_list_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.designation_id}: {self.annex}"


class Invitation(models.Model):
    """The holder was invited to renew, so many months before the end."""

    designation = models.ForeignKey(Designation, on_delete=models.CASCADE, related_name="invitations")
    months = models.PositiveSmallIntegerField()
    valid_until = models.DateField()

    class Meta:
        verbose_name = _("invitation to renew")
        verbose_name_plural = _("invitations to renew")
        constraints = [
            models.UniqueConstraint(fields=["designation", "months", "valid_until"], name="invited_once")
        ]

    def __str__(self) -> str:
        return f"{self.designation_id}: {self.months}"
