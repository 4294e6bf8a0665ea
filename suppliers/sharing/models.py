"""Answers given once, whom they are shared with, and who saw them."""

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from greenchain.accounts.models import Role
from greenchain.audit.models import AppendOnly
from greenchain.clock import now, today
from suppliers.enterprise.models import Enterprise
from suppliers.enterprise.scope import member_of
from suppliers.evidence.kinds import KINDS
from suppliers.evidence.models import Evidence
from suppliers.sharing.questionnaire import QUESTIONNAIRES, Questionnaire
from suppliers.supply.models import SupplyLink

if TYPE_CHECKING:
    from suppliers.enterprise.scope import Viewer

FRESH = dt.timedelta(days=365)
"""Answers are to be confirmed anew after so long (ours)."""


def own(user: "Viewer") -> Q:
    """Rows of the enterprises that ``user`` is a member of; authorities and other roles have no part in them."""
    if not user.is_authenticated or not user.is_active or user.role != Role.ENTERPRISE:
        return Q(pk__in=())
    return Q(enterprise__in=member_of(user))


class AnswerSetQuerySet(models.QuerySet["AnswerSet"]):
    """Answers by who may see them, and by age."""

    def visible_to(self, user: "Viewer") -> Self:
        """Members of the enterprise; buyers read by consent, through ``shared_with``."""
        return self.filter(own(user))

    def shared_with(self, user: "Viewer") -> Self:
        """Confirmed answers that a consent in force opens to one of the person's enterprises."""
        if not user.is_authenticated or not user.is_active or user.role != Role.ENTERPRISE:
            return self.none()
        given = Consent.objects.reaching(member_of(user)).filter(answers=True)
        return self.confirmed().filter(enterprise__in=given.values("enterprise"))

    def confirmed(self) -> Self:
        """Complete, and confirmed at least once."""
        return self.filter(confirmed_at__isnull=False)

    def due_for_confirmation(self) -> Self:
        """Confirmed too long ago, and the enterprise was not asked since."""
        asked = Q(asked_at=None) | Q(asked_at__lt=F("confirmed_at"))
        return self.filter(asked, confirmed_at__lt=now() - FRESH)


class AnswerSet(models.Model):
    """An enterprise's answers to one version. ``values`` is being written, ``confirmed`` is what buyers read."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="answer_sets")
    version = models.CharField(_("version"), max_length=20)
    values = models.JSONField(_("answers"), default=dict)
    confirmed = models.JSONField(default=dict)
    updated_at = models.DateTimeField(_("changed"), default=now)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(null=True, blank=True)

    objects = AnswerSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("answers")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "version"], name="one_answer_set_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} · {self.version}"

    @property
    def questionnaire(self) -> Questionnaire:
        """The questions of its version."""
        return QUESTIONNAIRES[self.version]

    @property
    def is_stale(self) -> bool:
        """Confirmed too long ago."""
        return self.confirmed_at is not None and self.confirmed_at < now() - FRESH


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Consents by day, by whom they reach and by who may see them."""

    def visible_to(self, user: "Viewer") -> Self:
        """Members of the enterprise that gave them."""
        return self.filter(own(user))

    def in_force(self) -> Self:
        """Begun, not over and not withdrawn."""
        day = today()
        running = Q(until_on=None) | Q(until_on__gte=day)
        return self.filter(running, since_on__lte=day, withdrawn_at=None)

    def reaching(self, buyers: Any) -> Self:
        """What opens answers or files to ``buyers`` (keys): named ones, or all with whom the link is agreed.

        A link that a buyer declared alone opens nothing: else anybody could name themselves a buyer.
        """
        agreed = Q(confirmed_at__isnull=False) | Q(declared_by=F("supplier"))
        links = SupplyLink.objects.current().filter(agreed, supplier=OuterRef("enterprise"), buyer__in=buyers)
        return self.in_force().filter(Q(buyer__in=buyers) | Q(Exists(links), buyer=None))

    def naming(self, buyers: Any) -> Self:
        """What lets ``buyers`` (keys) read the name beyond the first tier; without a buyer: all above."""
        return self.in_force().filter(Q(buyer__in=buyers) | Q(buyer=None), named=True)


class Consent(models.Model):
    """``enterprise`` lets a buyer, or all its buyers, read its answers, files of some kinds, or its name."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="consents")
    buyer = models.ForeignKey(
        Enterprise,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="consents_received",
        verbose_name=_("buyer"),
    )
    answers = models.BooleanField(_("profile and answers"), default=False)
    kinds = models.JSONField(_("kinds of evidence"), default=list)
    named = models.BooleanField(_("named beyond the first tier"), default=False)
    since_on = models.DateField(_("from"), default=today)
    until_on = models.DateField(_("until"), null=True, blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("given"), default=now)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("since_on")), name="consent_runs_forward"
            ),
            models.CheckConstraint(condition=~Q(buyer=F("enterprise")), name="nobody_consents_to_themselves"),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} → {self.buyer or '*'}"

    @property
    def state(self) -> str:
        """running, coming, ended or withdrawn."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        if self.until_on is not None and self.until_on < today():
            return "ended"
        return "coming" if self.since_on > today() else "running"

    @property
    def kind_names(self) -> list[str]:
        """The kinds of evidence in the reader's language."""
        return [str(KINDS.get(kind, kind)) for kind in self.kinds]


class AccessQuerySet(models.QuerySet["Access"]):
    """Who may read who saw what."""

    def visible_to(self, user: "Viewer") -> Self:
        """Members of the enterprise that was looked at."""
        return self.filter(own(user))


class Access(AppendOnly):
    """A buyer's person saw answers, a file or the name of ``enterprise`` on a day: one row for each."""

    class What(models.TextChoices):
        ANSWERS = "answers", _("answers")
        EVIDENCE = "evidence", _("file")
        NAME = "name", _("name in the chain")

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="accesses")
    buyer = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(_("what"), max_length=8, choices=What)
    about = models.CharField(max_length=40, blank=True)
    evidence = models.ForeignKey(Evidence, null=True, on_delete=models.PROTECT, related_name="+")
    seen_on = models.DateField(_("day"), default=today)
    at = models.DateTimeField(_("first seen"), default=now)

    objects = AccessQuerySet.as_manager()

    class Meta:
        verbose_name = _("access")
        verbose_name_plural = _("accesses")
        indexes = [models.Index(fields=["enterprise", "at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "buyer", "person", "what", "about", "seen_on"],
                name="one_access_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.enterprise} · {self.what}"
