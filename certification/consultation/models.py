"""Departments that a desk asks about its cases: the letter, each department's reply, each case's answer."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from certification.application.models import Application
from certification.body.models import KeptFile
from certification.scheme.departments import Department
from greenchain.clock import now, today
from suppliers.place.models import Authority


class OfTerritory(models.QuerySet[Any]):
    """Rows of authorities: officials read those of their own and of the authorities below; nobody else does."""

    place = "authority"

    def visible_to(self, user: Any) -> Any:
        """Officials of the authority and of those above it."""
        if not getattr(user, "is_official", False):
            return self.none()
        return self.filter(**{f"{self.place}__path__startswith": user.authority.path})


class DepartmentQuerySet(OfTerritory):
    """Departments by who asks them."""

    def open(self) -> "DepartmentQuerySet":
        """Those that may be asked now."""
        return self.filter(is_active=True)


class DepartmentContact(models.Model):
    """A department beside an authority, such as the city's ecology bureau, and how to reach it."""

    authority = models.ForeignKey(
        Authority, verbose_name=_("authority"), on_delete=models.PROTECT, related_name="departments"
    )
    kind = models.CharField(_("answers for"), max_length=12, choices=Department)
    name = models.CharField(_("name"), max_length=160)
    contact_name = models.CharField(_("contact person"), max_length=80, blank=True)
    contact_phone = models.CharField(_("phone"), max_length=40, blank=True)
    contact_email = models.EmailField(_("e-mail"), blank=True)
    is_active = models.BooleanField(_("is asked"), default=True)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        constraints = [models.UniqueConstraint(fields=["authority", "name"], name="one_department_of_a_name")]

    def __str__(self) -> str:
        return self.name


class ConsultationQuerySet(OfTerritory):
    """Consultations by how far they are."""

    def waiting(self) -> "ConsultationQuerySet":
        """Those where a department has not answered."""
        return self.filter(Exists(Inquiry.objects.waiting().filter(consultation=OuterRef("pk"))))

    def overdue(self) -> "ConsultationQuerySet":
        """Those where a department has not answered in time."""
        return self.waiting().filter(reply_by__lt=today())


class Consultation(models.Model):
    """One letter with the names of some cases, to one or more departments."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    authority = models.ForeignKey(
        Authority, verbose_name=_("asked by"), on_delete=models.PROTECT, related_name="+"
    )
    question = models.TextField(_("what is asked"))
    asked_on = models.DateField(_("asked on"), default=today)
    reply_by = models.DateField(_("reply by"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("made by"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("made at"), default=now)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")

    def __str__(self) -> str:
        return self.number


class Asked(models.Model):
    """A case on the list, with what the letter says of it."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="asked")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="asked_about")
    place = models.PositiveSmallIntegerField(_("number on the list"))
    name = models.CharField(_("name"), max_length=200)
    identifier = models.CharField(_("credit code"), max_length=40)
    address = models.CharField(_("place"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("case asked about")
        verbose_name_plural = _("cases asked about")
        constraints = [
            models.UniqueConstraint(fields=["consultation", "application"], name="asked_once_per_letter")
        ]

    def __str__(self) -> str:
        return f"{self.place}. {self.name}"


class InquiryQuerySet(OfTerritory):
    """Questions to departments."""

    place = "consultation__authority"

    def waiting(self) -> "InquiryQuerySet":
        """Not answered."""
        return self.filter(replied_on__isnull=True)


class Inquiry(models.Model):
    """The letter to one department, and when its sealed reply came."""

    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="inquiries")
    department = models.ForeignKey(DepartmentContact, on_delete=models.PROTECT, related_name="inquiries")
    kind = models.CharField(_("answers for"), max_length=12, choices=Department)
    name = models.CharField(_("name"), max_length=160, help_text="as it was called when it was asked")
    replied_on = models.DateField(_("replied on"), null=True, blank=True)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter to a department")
        verbose_name_plural = _("letters to departments")
        constraints = [
            models.UniqueConstraint(fields=["consultation", "department"], name="one_letter_per_department")
        ]

    def __str__(self) -> str:
        return f"{self.consultation} · {self.name}"

    @property
    def is_overdue(self) -> bool:
        """Whether the day is over and no reply came."""
        return self.replied_on is None and self.consultation.reply_by < today()


class SealedReply(KeptFile):
    """The department's sealed paper: one file for all cases of the letter."""

    inquiry = models.OneToOneField(Inquiry, on_delete=models.PROTECT, related_name="reply")

    class Meta:
        verbose_name = _("sealed reply")
        verbose_name_plural = _("sealed replies")


class Answer(models.TextChoices):
    """What a department says of one case."""

    NONE = "no_objection", _("no objection")
    CONCERN = "concern", _("concern")
    FACT = "fact", _("confirmed fact")


class OpinionQuerySet(OfTerritory):
    """Answers by what they say."""

    place = "inquiry__consultation__authority"

    def adverse(self) -> "OpinionQuerySet":
        """Concerns and facts."""
        return self.exclude(answer=Answer.NONE)

    def open(self) -> "OpinionQuerySet":
        """Adverse answers of which no person has said what came of them."""
        return self.adverse().filter(settled_at__isnull=True)


class Opinion(models.Model):
    """What a department says of one case. An adverse one is a question to a person, never a verdict."""

    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, related_name="opinions")
    asked = models.ForeignKey(Asked, on_delete=models.PROTECT, related_name="opinions")
    answer = models.CharField(_("answer"), max_length=12, choices=Answer)
    text = models.TextField(_("in its words"), blank=True)
    settled = models.TextField(_("what came of it"), blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = _("department's answer")
        verbose_name_plural = _("departments' answers")
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "asked"], name="one_answer_per_case_and_letter"),
            models.CheckConstraint(
                condition=Q(answer="no_objection") | ~Q(text=""), name="an_adverse_answer_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inquiry.name}: {self.get_answer_display()}"

    @property
    def is_open(self) -> bool:
        """Whether a person must still say what came of it."""
        return self.answer != Answer.NONE and self.settled_at is None


def overdue_for(user: Any, day: dt.date | None = None) -> Any:
    """The letters of the person's own desk that were not answered in time."""
    late = Inquiry.objects.waiting().filter(consultation__reply_by__lt=day or today())
    return late.filter(consultation__authority=user.authority_id)
