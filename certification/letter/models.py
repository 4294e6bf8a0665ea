"""Letters, frozen when they are made, and mails to people without an account."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from certification.application.models import Application
from certification.designation.models import Designation
from certification.notice.models import Objection
from greenchain.accounts.models import Role
from greenchain.audit.canonical import read
from greenchain.audit.models import AppendOnly, AuditEntry
from greenchain.clock import now
from suppliers.enterprise.models import Membership
from suppliers.evidence.models import vault_path
from suppliers.place.models import Authority


class Kind(models.TextChoices):
    """What a letter tells; the verb that it follows."""

    GRANT = "grant", _("grant")
    REFUSE = "refuse", _("refusal")
    REJECT = "reject", _("rejection")
    PASS_OVER = "pass_over", _("not selected")
    APPEAL = "appeal", _("appeal received")
    CONFIRM = "confirm", _("appeal dismissed")
    OVERTURN = "overturn", _("appeal allowed")
    PROPOSE = "propose", _("proposal to remove")
    SUSPEND = "suspend", _("suspension")
    REVOKE = "revoke", _("revocation")
    DISMISS = "dismiss", _("objection dismissed")
    UPHOLD = "uphold", _("objection upheld")
    FOUND = "found", _("report founded")
    UNFOUNDED = "unfounded", _("report unfounded")


class WrittenQuerySet(models.QuerySet["Letter"]):
    """Letters follow the case they are about; those to objectors are for the authorities only."""

    def visible_to(self, user: Any) -> "WrittenQuerySet":
        """Applicants and holders theirs, officials those of their territory."""
        if getattr(user, "is_official", False):
            cases = Q(application__in=Application.objects.visible_to(user))
            titles = Q(designation__home__path__startswith=user.authority.path)
            objections = Q(objection__in=Objection.objects.visible_to(user))
            return self.filter(Q(outside=False) & (cases | titles) | objections)
        if getattr(user, "role", "") != Role.ENTERPRISE or not user.is_active:
            return self.none()
        own = Membership.objects.current().filter(user=user).values("enterprise")
        held = Q(designation__in=Designation.objects.held_by(own))
        return self.filter(Q(application__applicant__in=own) | held, outside=False)


class Letter(AppendOnly):
    """One letter: its whole content as canonical JSON, with its digest. It never changes."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    entry = models.ForeignKey(AuditEntry, on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, null=True, on_delete=models.PROTECT, related_name="letters")
    designation = models.ForeignKey(Designation, null=True, on_delete=models.PROTECT, related_name="letters")
    objection = models.ForeignKey(Objection, null=True, on_delete=models.PROTECT, related_name="letters")
    outside = models.BooleanField(default=False, help_text="to somebody who is no party to the case")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=10)
    body = models.TextField()
    digest = models.CharField(_("digest"), max_length=64)
    made_at = models.DateTimeField(_("made"), default=now)

    objects = WrittenQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        indexes = [models.Index(fields=["application"]), models.Index(fields=["designation"])]

    def __str__(self) -> str:
        return f"{self.number} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        """The letter as PDF."""
        return reverse("letter", args=[self.number])

    @property
    def content(self) -> dict[str, Any]:
        """What stands in it."""
        return read(self.body)


class LetterPaper(AppendOnly):
    """The PDF of a letter as it was first made; whoever fetches it later gets these bytes."""

    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, related_name="paper")
    file = models.FileField(upload_to=vault_path, max_length=100)
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("letter's PDF")
        verbose_name_plural = _("letters' PDF")

    def __str__(self) -> str:
        return self.sha256


MAX_ATTEMPTS = 5


class PostQuerySet(models.QuerySet["Post"]):
    """Mails to people without an account: an administrator sees how they fare, to help."""

    def visible_to(self, user: Any) -> "PostQuerySet":
        """All to administrators, none to others: the text holds the address by which its reader answers."""
        return self.all() if getattr(user, "role", None) == Role.ADMINISTRATOR else self.none()

    def waiting(self) -> "PostQuerySet":
        """Tried by itself."""
        return self.filter(sent_at=None, attempts__lt=MAX_ATTEMPTS)

    def failed(self) -> "PostQuerySet":
        """Refused too often."""
        return self.filter(sent_at=None, attempts__gte=MAX_ATTEMPTS)


class Post(models.Model):
    """A mail to somebody without an account, about one entry of the record; sent once."""

    entry = models.ForeignKey(AuditEntry, on_delete=models.PROTECT, related_name="+")
    about = models.CharField(max_length=60, help_text="number of what it is about")
    contact = models.EmailField(max_length=254)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField()
    secret = models.CharField(max_length=64, blank=True, help_text="of the link in it; gone once it is sent")
    stop_url = models.CharField(max_length=300, blank=True, help_text="where one click ends such mails")
    letter = models.ForeignKey(Letter, null=True, on_delete=models.PROTECT, related_name="posts")
    written_at = models.DateTimeField(_("written"), default=now)
    sent_at = models.DateTimeField(_("sent"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    problem = models.CharField(_("what the server said"), max_length=200, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail to people without an account")
        verbose_name_plural = _("mails to people without an account")
        constraints = [models.UniqueConstraint(fields=["entry", "about"], name="posted_once")]

    def __str__(self) -> str:
        return self.about

    @property
    def given_up(self) -> bool:
        """Refused too often; a person may have it tried again."""
        return self.sent_at is None and self.attempts >= MAX_ATTEMPTS

    @property
    def masked(self) -> str:
        """The address without who it is: what a helper needs of it is mostly behind the sign."""
        name, _at, place = self.contact.rpartition("@")
        return f"{name[:1]}…@{place}"
