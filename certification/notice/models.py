"""Selection, public notice with objections, and the announcement that follows the decision."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from certification.application.models import Application
from certification.designation.models import Designation
from certification.hearing.models import Exhibit, Heard
from certification.scheme.models import Round
from greenchain.accounts.models import Role
from greenchain.audit.models import AppendOnly
from greenchain.clock import today
from suppliers.place.models import Authority, Level


class NoticeQuerySet(models.QuerySet["PublicNotice"]):
    """Public notices are public."""

    def visible_to(self, user: Any) -> "NoticeQuerySet":  # noqa: ARG002 - the one scope, same signature everywhere
        """Everybody sees public notices."""
        return self.all()


class PublicNotice(models.Model):
    """The proposed list (公示), open to objections until its end."""

    number = models.CharField(max_length=40, unique=True)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="notices")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="notices")
    level = models.PositiveSmallIntegerField(_("level"), choices=Level)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    applications = models.ManyToManyField(Application, related_name="notices")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("public notice")
        verbose_name_plural = _("public notices")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="notice_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The public page of the proposed list."""
        return reverse("notice", args=[self.number])

    def titled(self) -> str:
        """What the notice is called: authority, level, round."""
        level, name = Level(self.level).label, str(self.round)
        return _title(
            gettext("%(authority)s: public notice, %(level)s level, %(round)s"), self.authority, level, name
        )

    @property
    def is_running(self) -> bool:
        """Whether objections are taken today."""
        return self.starts_on <= today() <= self.ends_on


class ObjectionQuerySet(models.QuerySet["Objection"]):
    """Objections name people: only officials read them, and only those whose address was confirmed."""

    def visible_to(self, user: Any) -> "ObjectionQuerySet":
        """Officials of the territory, and the person who objected."""
        if getattr(user, "is_official", False):
            return self.counted().filter(application__in=Application.objects.visible_to(user))
        return self.filter(by=user) if getattr(user, "is_authenticated", False) else self.none()

    def told_to(self, user: Any) -> "ObjectionQuerySet":
        """Those of whose substance the applicant was told; who objects is no part of it."""
        if getattr(user, "role", "") != Role.ENTERPRISE:
            return self.none()
        return self.filter(application__in=Application.objects.visible_to(user), told_at__isnull=False)

    def counted(self) -> "ObjectionQuerySet":
        """Those whose address was confirmed."""
        return self.filter(confirmed_at__isnull=False)

    def open(self) -> "ObjectionQuerySet":
        """Counted and not yet answered."""
        return self.counted().filter(outcome="")


class Objection(Heard):
    """Somebody identified says, with evidence, why a case should not be granted.

    The applicant learns the substance in an officer's words, never who objects or the statement itself.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="objections")
    substance = models.TextField(_("what the applicant is told"), blank=True)
    told_at = models.DateTimeField(_("applicant told"), null=True, blank=True)
    comment_by = models.DateField(_("applicant may comment until"), null=True, blank=True)
    comment = models.TextField(_("applicant's comment"), blank=True)
    commented_at = models.DateTimeField(_("commented"), null=True, blank=True)
    outcome = models.CharField(
        _("outcome"),
        max_length=10,
        blank=True,
        choices=[("dismissed", _("dismissed")), ("upheld", _("upheld"))],
    )
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")

    def get_absolute_url(self) -> str:
        """The objector's own page, by its secret."""
        return reverse("objection", args=[self.secret])

    @property
    def may_comment(self) -> bool:
        """Whether the applicant's comment is still taken."""
        waits = bool(self.told_at) and not self.commented_at and not self.outcome
        return waits and self.comment_by is not None and today() <= self.comment_by


class ObjectionFile(Exhibit):
    """A piece of evidence that came with an objection."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="files")

    class Meta:
        verbose_name = _("objection's file")
        verbose_name_plural = _("objections' files")


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    """Announcements are public."""

    def visible_to(self, user: Any) -> "AnnouncementQuerySet":  # noqa: ARG002 - the one scope, same signature everywhere
        """Everybody reads them."""
        return self.all()


class Announcement(models.Model):
    """The final list (公告) of one authority and day; its entries are the annexes."""

    number = models.CharField(max_length=40, unique=True)
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="announcements")
    level = models.PositiveSmallIntegerField(_("level"), choices=Level)
    announced_on = models.DateField(_("announced on"))

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "announced_on", "level"], name="one_announcement_a_day"
            )
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The permanent page of the list."""
        return reverse("announcement", args=[self.number])

    def titled(self) -> str:
        """What the announcement is called: authority, level, year."""
        level, year = Level(self.level).label, str(self.announced_on.year)
        return _title(
            gettext("%(authority)s: announcement, %(level)s level, %(round)s"), self.authority, level, year
        )


def _title(pattern: str, authority: Authority, level: Any, name: str) -> str:
    return pattern % {"authority": authority.name, "level": level, "round": name}


class Annex(models.TextChoices):
    """The parts of an announcement."""

    NEW = "new", _("new")
    REMOVED = "removed", _("removed")
    RENAMED = "renamed", _("renamed")
    CORRECTED = "correct", _("corrected")


class AnnouncementEntry(AppendOnly):
    """A title in an annex, frozen as it was announced. A mistake is mended by a new entry that names the old one."""

    announcement = models.ForeignKey(Announcement, on_delete=models.PROTECT, related_name="entries")
    designation = models.ForeignKey(Designation, on_delete=models.PROTECT, related_name="announced_in")
    annex = models.CharField(_("annex"), max_length=10, choices=Annex)
    place = models.PositiveIntegerField(_("No."), default=0, help_text="within the annex")
    name = models.CharField(_("name"), max_length=200)
    detail = models.CharField(_("detail"), max_length=300, blank=True)
    columns = models.JSONField(default=dict, help_text="frozen: region, reporting unit, industry, assessor")
    corrects = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrections"
    )

    class Meta:
        verbose_name = _("announcement entry")
        verbose_name_plural = _("announcement entries")
        constraints = [
            models.UniqueConstraint(
                fields=["announcement", "designation", "annex"],
                condition=models.Q(corrects__isnull=True),
                name="announced_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.annex}: {self.name}"
