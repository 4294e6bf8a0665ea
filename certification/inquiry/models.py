"""Questions to the applicant of a case, and what was answered."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from certification.application.local import gates_of
from certification.application.models import Application
from greenchain.accounts.models import Role
from greenchain.audit.models import AppendOnly
from greenchain.clock import now, today
from suppliers.evidence.models import Evidence
from suppliers.place.models import Authority


class QuestionQuerySet(models.QuerySet["Question"]):
    """Questions by who reads them and by state."""

    def visible_to(self, user: Any) -> "QuestionQuerySet":
        """The applicant's members and the case's officials all; an evaluator those they asked, while seated."""
        if getattr(user, "role", "") == Role.EXPERT:
            return self.none()
        seen = self.filter(application__in=Application.objects.visible_to(user))
        return seen.filter(asker=user) if getattr(user, "role", "") == Role.EVALUATOR else seen

    def open(self) -> "QuestionQuerySet":
        """Those that await an answer."""
        return self.filter(state=Question.State.OPEN)


class Question(models.Model):
    """A thread: what was asked of the applicant, about what, until when."""

    class State(models.TextChoices):
        OPEN = "open", _("awaits an answer")
        ANSWERED = "answered", _("answered")
        SETTLED = "settled", _("settled")

    application = models.ForeignKey(
        Application, verbose_name=_("case"), on_delete=models.PROTECT, related_name="questions"
    )
    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("asked by"), on_delete=models.PROTECT, related_name="+"
    )
    desk = models.ForeignKey(
        Authority,
        verbose_name=_("desk"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("none where the evaluator asks"),
    )
    about = models.CharField(
        _("about"), max_length=60, blank=True, help_text="an indicator's code or a gate's key"
    )
    evidence = models.ForeignKey(
        Evidence, verbose_name=_("file"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField(_("answer by"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    asked_at = models.DateTimeField(_("asked at"), default=now)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        indexes = [models.Index(fields=["state", "due_on"])]

    def __str__(self) -> str:
        return f"{self.application}: {self.subject_named}"

    @property
    def subject_named(self) -> str:
        """What it is about, in words."""
        return named(self.application, self.about)

    @property
    def is_overdue(self) -> bool:
        """Whether the answer's last day has passed."""
        return self.state == self.State.OPEN and self.due_on < today()

    def file_keys(self) -> set[int]:
        """The keys of the files that the thread names."""
        keys = {file["evidence"] for message in self.messages.all() for file in message.files}
        return keys | ({self.evidence_id} if self.evidence_id else set())


class Message(AppendOnly):
    """One thing said in a thread, with the files that came along."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="messages")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asks = models.BooleanField(help_text="said by the side that asks")
    text = models.TextField()
    files = models.JSONField(default=list, help_text="evidence: key, title and SHA-256 as it was attached")
    at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")

    def __str__(self) -> str:
        return f"{self.question_id}/{self.pk}"


def topics(application: Application) -> list[tuple[str, str]]:
    """What of a case may be asked about or found fault with: the case, its gates and its indicators, in words."""
    gates = [(gate.key, str(gate)) for gate in gates_of(application)]
    items = [(item.code, str(item)) for item in application.scheme_version.definition.indicators]
    return [("", _now("the case as a whole")), *items, *gates]


def named(application: Application, about: str) -> str:
    """A topic in words."""
    return dict(topics(application)).get(about, about)
