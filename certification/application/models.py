"""An application: one scheme, at one level, for one subject, in one round; and what it froze at submission."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certification.designation.models import Designation
from certification.scheme.models import Round, SchemeVersion
from certification.scheme.subject import KEYS, OnSubject, exactly_one
from certification.workflow import OPEN, Case, Status
from greenchain.accounts.models import Role
from greenchain.accounts.posts import places_of
from greenchain.audit.canonical import read
from greenchain.audit.models import AppendOnly, AuditEntry
from greenchain.audit.trail import history
from greenchain.clock import now, today, working_days_between
from suppliers.enterprise.access import CAN, may
from suppliers.enterprise.models import Enterprise, Membership
from suppliers.evidence.models import Evidence
from suppliers.place.models import Authority, Level


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Who sees which case."""

    def visible_to(self, user: Any) -> "ApplicationQuerySet":
        """Applicants their own; officials their territory (drafts excepted); evaluators and experts their seats."""
        if not getattr(user, "is_authenticated", False) or not user.is_active:
            return self.none()
        if user.role == Role.ENTERPRISE:
            mine = Membership.objects.current().filter(user=user).values("enterprise")
            return self.filter(applicant__in=mine)
        if user.role in {Role.EVALUATOR, Role.EXPERT}:
            seats = Seat.objects.current().filter(user=user).values("application")
            return self.filter(pk__in=seats).exclude(status=Status.DRAFT)
        if user.is_official:
            return self.filter(home__path__startswith=user.authority.path).exclude(status=Status.DRAFT)
        return self.none()

    def with_parts_of(self, user: Any) -> "ApplicationQuerySet":
        """With what the person may do for the applicant, asked along with the case: see ``hand``."""
        mine = Membership.objects.current().filter(user=user, enterprise=models.OuterRef("applicant"))
        told = {f"may_{what}": models.Exists(mine.filter(role__in=roles)) for what, roles in CAN.items()}
        return self.annotate(parts_of=models.Value(user.pk), **told)

    def open(self) -> "ApplicationQuerySet":
        """Cases that are not over."""
        return self.filter(status__in=OPEN.split())

    def queue_of(self, user: Any) -> "ApplicationQuerySet":
        """What waits for this official's desk, or for one where they stand in."""
        verbs = {
            Role.AUDITOR: [Status.EXAMINATION, Status.PANEL],
            Role.APPROVER: [Status.SELECTION, Status.NOTICE, Status.DECISION],
        }
        return self.visible_to(user).filter(desk__in=places_of(user), status__in=verbs.get(user.role, []))


class Application(OnSubject, Case):
    """A case: it asks for a title, and its desk is the authority that must act.

    ``hand`` is what a page that took the case in hand has read of it already (``application.hand``).
    """

    kind = "A"
    hand: Any = None
    number = models.CharField(_("number"), max_length=40, unique=True)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="applications")
    scheme_version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="applications")
    level = models.PositiveSmallIntegerField(_("level"), choices=Level)
    applicant = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="cases")
    desk = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="cases")
    from_title = models.ForeignKey(
        Designation, null=True, blank=True, on_delete=models.PROTECT, related_name="successors"
    )
    year = models.PositiveSmallIntegerField(_("reporting year"))
    form = models.JSONField(_("form"), default=dict, blank=True)
    claims = models.JSONField(
        default=dict, blank=True, help_text="per indicator: claim, not_applicable, note"
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    kept_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="what the desk had left when the case was sent back"
    )
    escalated_from = models.ForeignKey(
        Authority,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="the desk that did not act in time",
    )
    returned_from = models.CharField(max_length=16, blank=True)
    returns = models.PositiveSmallIntegerField(default=0)
    check_attempts = models.PositiveSmallIntegerField(default=0)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        constraints = [
            models.CheckConstraint(condition=exactly_one(), name="application_exactly_one_subject"),
            *(
                models.UniqueConstraint(
                    fields=["scheme_version", "level", key],
                    condition=Q(status__in=OPEN.split()) & Q(**{f"{key}__isnull": False}),
                    name=f"one_open_application_per_{key}",
                )
                for key in KEYS
            ),
        ]
        indexes = [
            models.Index(fields=["desk", "status", "due_on"]),
            models.Index(fields=["status", "due_on"]),
        ]

    def __str__(self) -> str:
        return self.number

    def acting(self) -> Authority:
        """The desk."""
        return self.desk

    def has_part(self, user: Any, part: str) -> bool:
        """Owner and editor by membership, evaluator and expert by seat, endorser by the last endorsement."""
        match part:
            case "owner":
                return self._may(user, "own")
            case "editor":
                return self._may(user, "edit")
            case "evaluator" | "expert":
                return user.role == part and self.seats.current().filter(user=user, part=part).exists()
            case "seat":
                return self.seats.current().filter(user=user).exists()
            case "endorser":
                return self._last_endorser() == user.pk
            case _:
                return False

    def _may(self, user: Any, what: str) -> bool:
        return self.hand.may(user, what) if self.hand else may(user, self.applicant, what)

    def acted(self) -> Any:
        """What is read of the record already, or the way to read it."""
        return self.hand.entries if self.hand else super().acted()

    def handed_to(self) -> Any:
        """The auditors who have the case."""
        return self.seats.current().filter(part=Role.AUDITOR).values("user")

    def _last_endorser(self) -> int | None:
        last = self.last_entry("endorse")
        return last.actor_id if last else None

    def last_entry(self, verb: str) -> AuditEntry | None:
        """The newest entry of that verb in the record."""
        if self.hand:
            return next((entry for entry in self.hand.entries[::-1] if entry.verb == verb), None)
        return history(self).filter(verb=verb).order_by("-seq").first()

    @property
    def days_left(self) -> int | None:
        """Working days until the case is due; negative when overdue."""
        return None if self.due_on is None else working_days_between(today(), self.due_on)

    @property
    def dossier(self) -> "Dossier | None":
        """The newest frozen dossier."""
        if self.hand:
            return next(iter(self.hand.dossiers), None)
        return self.dossiers.order_by("-number").first()

    def left_by(self, *verbs: str) -> bool:
        """Whether rows that these verbs leave may be there; only a case in hand knows without asking."""
        return not self.hand or not self.hand.verbs.isdisjoint(verbs)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Put down what a page had in hand, too."""
        self.hand = None
        super().refresh_from_db(*args, **kwargs)

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """What ``make`` finds; where the case is in hand it is asked only once."""
        return self.hand.once(name, make) if self.hand else make()

    def deciding_authority(self) -> Authority:
        """The authority that decides at the level sought."""
        assert self.home is not None  # noqa: S101 - set by start, the subject's region has a desk
        return self.home.desk_for(Level(self.level))

    def route(self) -> list[Authority]:
        """The desks from the first to the deciding one."""
        assert self.home is not None  # noqa: S101 - as above
        return self.home.route(Level(self.level))


class Dossier(AppendOnly):
    """What was submitted, frozen: canonical JSON and its digest. Evaluators and experts see nothing else."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="dossiers")
    number = models.PositiveSmallIntegerField()
    body = models.TextField()
    digest = models.CharField(max_length=64)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("dossier")
        verbose_name_plural = _("dossiers")
        constraints = [models.UniqueConstraint(fields=["application", "number"], name="one_dossier_number")]

    def __str__(self) -> str:
        return f"{self.application_id}/{self.number}"

    @property
    def content(self) -> dict[str, Any]:
        """The frozen content as a mapping."""
        return read(self.body)


class Citation(models.Model):
    """An application cites a piece of evidence under a gate or an indicator."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="citations")
    requirement = models.CharField(max_length=60, help_text="an indicator's code or a gate's key")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="citations")

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        constraints = [
            models.UniqueConstraint(fields=["application", "requirement", "evidence"], name="cited_once")
        ]

    def __str__(self) -> str:
        return f"{self.requirement}: {self.evidence_id}"

    @property
    def under(self) -> str:
        """The gate or indicator in the reader's language."""
        definition = self.application.scheme_version.definition
        gates: list[Any] = [*definition.gates, *self.application.round.local]
        gate = next((gate for gate in gates if gate.key == self.requirement), None)
        return str(gate or definition.indicator(self.requirement))


class SeatQuerySet(models.QuerySet["Seat"]):
    """Seats have dates."""

    def current(self, day: dt.date | None = None) -> "SeatQuerySet":
        """Seats held on ``day`` (today)."""
        day = day or today()
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gt=day), since_on__lte=day)

    def visible_to(self, user: Any) -> "SeatQuerySet":
        """A person's own seats, and those of the cases an official sees."""
        if getattr(user, "is_official", False):
            return self.filter(application__in=Application.objects.visible_to(user))
        return self.filter(user=user)


class Seat(models.Model):
    """A person's part in a case, with dates. Scope, role and independence read it."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="seats")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="seats")
    part = models.CharField(
        max_length=12,
        choices=[
            (role.value, role.label) for role in (Role.EVALUATOR, Role.EXPERT, Role.AUDITOR, Role.APPROVER)
        ],
    )
    since_on = models.DateField(default=today)
    until_on = models.DateField(null=True, blank=True)
    declared = models.TextField(blank=True, help_text="the declaration of independence as given")
    ended = models.TextField(blank=True, help_text="why the seat ended")

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "user", "part"],
                condition=Q(until_on__isnull=True),
                name="one_open_seat",
            )
        ]

    def __str__(self) -> str:
        return f"{self.part}: {self.user_id}"
