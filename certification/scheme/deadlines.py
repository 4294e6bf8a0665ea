"""The calendar: by which day of the year something is due, region by region, with source and effective years."""

import datetime as dt
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from greenchain.languages import pick
from suppliers.place.models import Authority


class Duty(models.TextChoices):
    """What is due once a year."""

    ANNUAL_FORM = "annual_form", _("annual form")
    RECOMMENDATION = "recommendation", _("recommendation to the nation")


class Mark(models.TextChoices):
    """How far to trust where a day comes from."""

    SOURCE = "source", _("published")
    MEMORY = "memory", _("from memory")
    SUGGESTION = "suggestion", _("our suggestion")


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    """Deadlines are public."""

    def visible_to(self, user: Any) -> "DeadlineQuerySet":  # noqa: ARG002 - the one scope, same signature everywhere
        """Everybody sees the calendar."""
        return self.all()

    def holding(self, year: int) -> "DeadlineQuerySet":
        """Rows in effect in a year; of an authority's rows the latest decides."""
        return self.filter(
            models.Q(until_year__isnull=True) | models.Q(until_year__gte=year), from_year__lte=year
        )


class Deadline(models.Model):
    """A day of the year that an authority sets for a duty in its territory."""

    duty = models.CharField(_("duty"), max_length=16, choices=Duty)
    authority = models.ForeignKey(
        Authority, verbose_name=_("authority"), on_delete=models.PROTECT, related_name="deadlines"
    )
    month = models.PositiveSmallIntegerField(_("month"))
    day = models.PositiveSmallIntegerField(_("day of the month"))
    from_year = models.PositiveSmallIntegerField(_("in effect from the year"))
    until_year = models.PositiveSmallIntegerField(
        _("in effect until the year"), null=True, blank=True, help_text=_("Empty: until another day is set.")
    )
    source = models.JSONField(_("source"), default=dict)
    url = models.URLField(_("address of the source"), blank=True)
    mark = models.CharField(_("how it is known"), max_length=12, choices=Mark, default=Mark.SOURCE)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        constraints = [
            models.UniqueConstraint(fields=["duty", "authority", "from_year"], name="one_deadline_a_year"),
            models.CheckConstraint(
                condition=models.Q(month__range=(1, 12), day__range=(1, 31)),
                name="deadline_is_a_day_of_the_year",
            ),
            models.CheckConstraint(
                condition=models.Q(until_year__isnull=True) | models.Q(until_year__gte=models.F("from_year")),
                name="deadline_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_duty_display()}: {self.authority}, {self.month}-{self.day:02}"

    def source_text(self) -> str:
        """Where the day comes from, in the reader's language."""
        return pick(self.source)

    def in_year(self, year: int) -> dt.date:
        """The day in a year; 29 February is the 28th where there is none."""
        try:
            return dt.date(year, self.month, self.day)
        except ValueError:
            return dt.date(year, self.month, self.day - 1)


def deadline_for(duty: str, home: Authority | None, year: int) -> Deadline | None:
    """What holds for a place in a year: the nearest authority's day, of several the latest set. One query."""
    codes = home.path.strip("/").split("/") if home else []
    rows = Deadline.objects.holding(year).filter(duty=duty, authority__code__in=codes)
    return rows.select_related("authority").order_by("-authority__path", "-from_year").first()


def due_day(duty: str, home: Authority | None, year: int, otherwise: tuple[int, int]) -> dt.date:
    """The day on which a duty is due; ``otherwise`` (month, day) where the calendar says nothing."""
    found = deadline_for(duty, home, year)
    return found.in_year(year) if found else dt.date(year, *otherwise)
