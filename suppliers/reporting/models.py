"""What is reported for a year about a site, an enterprise, a product or a park; and a region's denominators."""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from greenchain.clock import now
from suppliers.enterprise.models import Enterprise, Park, Product, Site, Subject
from suppliers.enterprise.scope import enterprise_scope
from suppliers.place.models import ReferenceQuerySet, Region

if TYPE_CHECKING:
    from suppliers.enterprise.scope import Viewer

FIRST_YEAR, LAST_YEAR = 2000, 2100
YEARS = [MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]


class Figures(models.Model):
    """The figures of one subject for one year.

    ``values`` maps the catalogue's metric keys to decimals written as text, so nothing is rounded; ``OWN`` names
    the metrics that have a column instead. A concrete model has its rows in ``rows``.
    """

    OWN: ClassVar[tuple[str, ...]] = ()
    rows: Any

    year = models.PositiveSmallIntegerField(_("year"), validators=YEARS)
    values = models.JSONField(_("values"), default=dict)
    source = models.CharField(_("source"), max_length=200, blank=True)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(_("first reported at"), default=now)
    updated_at = models.DateTimeField(_("updated at"), default=now)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.subject} · {self.year}"

    @property
    def subject(self) -> Subject:
        """What was reported about."""
        raise NotImplementedError

    def metric(self, key: str) -> Decimal | None:
        """The value reported under ``key``, or None; columns of their own answer to their names."""
        if key in self.OWN:
            value: Decimal | None = getattr(self, key)
            return value
        text = self.values.get(key)
        return None if text in {None, ""} else Decimal(text)

    def all_values(self) -> dict[str, Any]:
        """Every value, by metric key, as stored: text, and Decimals from the columns."""
        own = {key: value for key in self.OWN if (value := self.metric(key)) is not None}
        return {**self.values, **own}

    def table(self, key: str) -> list[dict[str, Any]]:
        """The rows reported in table ``key``, in their order."""
        return [row.data for row in self._in_order() if row.table == key]

    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """Every table's rows."""
        found: dict[str, list[dict[str, Any]]] = {}
        for row in self._in_order():
            found.setdefault(row.table, []).append(row.data)
        return found

    def _in_order(self) -> Iterator["FiguresRow"]:
        return iter(sorted(self.rows.all(), key=lambda row: (row.table, row.position)))


class FiguresRow(models.Model):
    """One row of one table: a product, a pollutant at an outlet, a platform function, a case."""

    table = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    data = models.JSONField(default=dict)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.table} {self.position}"


class SiteYearQuerySet(models.QuerySet["SiteYear"]):
    """Site-years by who may see them."""

    def visible_to(self, user: "Viewer") -> Self:
        """Members; officials who answer for the enterprise's place or for the site's."""
        return self.filter(
            enterprise_scope(user, "site__enterprise", "site__enterprise__region", "site__region")
        )


class SiteYear(Figures):
    """One site's figures for one year. Output and export value stand apart: progress sums them."""

    OWN = ("gross_output", "export_value")

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="years")
    gross_output = models.DecimalField(
        _("gross output, 10,000 CNY"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    export_value = models.DecimalField(
        _("export value, 10,000 CNY"), max_digits=18, decimal_places=4, null=True, blank=True
    )

    objects = SiteYearQuerySet.as_manager()

    class Meta:
        verbose_name = _("site-year")
        verbose_name_plural = _("site-years")
        constraints = [
            models.UniqueConstraint(fields=["site", "year"], name="one_report_per_site_and_year"),
            models.CheckConstraint(
                condition=Q(year__range=(FIRST_YEAR, LAST_YEAR)), name="site_year_in_range"
            ),
            models.CheckConstraint(
                condition=Q(gross_output__isnull=True) | Q(gross_output__gte=0),
                name="gross_output_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(export_value__isnull=True) | Q(export_value__gte=0),
                name="export_value_not_negative",
            ),
        ]

    @property
    def subject(self) -> Site:
        """The site."""
        return self.site


class SiteYearRow(FiguresRow):
    """One row of a site-year."""

    site_year = models.ForeignKey(SiteYear, on_delete=models.CASCADE, related_name="rows")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site_year", "table", "position"], name="one_row_per_position")
        ]


class SubjectYearQuerySet(models.QuerySet["SubjectYear"]):
    """Figures of enterprises, products and parks by who may see them."""

    def visible_to(self, user: "Viewer") -> Self:
        """Whoever sees the subject."""
        own = enterprise_scope(user, "enterprise", "enterprise__region")
        goods = enterprise_scope(
            user, "product__enterprise", "product__enterprise__region", "product__site__region"
        )
        parks = enterprise_scope(user, "park__manager", "park__manager__region", "park__region")
        return self.filter(own | goods | parks)


class SubjectYear(Figures):
    """The figures of one enterprise, product or park for one year."""

    KEYS = ("enterprise", "product", "park")

    enterprise = models.ForeignKey(
        Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="years"
    )
    product = models.ForeignKey(
        Product, null=True, blank=True, on_delete=models.PROTECT, related_name="years"
    )
    park = models.ForeignKey(Park, null=True, blank=True, on_delete=models.PROTECT, related_name="years")

    objects = SubjectYearQuerySet.as_manager()

    class Meta:
        verbose_name = _("subject-year")
        verbose_name_plural = _("subject-years")
        constraints = [
            models.CheckConstraint(
                condition=Q(enterprise__isnull=False, product__isnull=True, park__isnull=True)
                | Q(enterprise__isnull=True, product__isnull=False, park__isnull=True)
                | Q(enterprise__isnull=True, product__isnull=True, park__isnull=False),
                name="subject_year_is_of_one_subject",
            ),
            models.CheckConstraint(
                condition=Q(year__range=(FIRST_YEAR, LAST_YEAR)), name="subject_year_in_range"
            ),
            models.UniqueConstraint(fields=["enterprise", "year"], name="one_report_per_enterprise_and_year"),
            models.UniqueConstraint(fields=["product", "year"], name="one_report_per_product_and_year"),
            models.UniqueConstraint(fields=["park", "year"], name="one_report_per_park_and_year"),
        ]

    @property
    def subject(self) -> Enterprise | Product | Park:
        """The one that is set."""
        found = self.enterprise or self.product or self.park
        assert found is not None  # noqa: S101 - a constraint of the table
        return found


class SubjectYearRow(FiguresRow):
    """One row of a subject-year."""

    subject_year = models.ForeignKey(SubjectYear, on_delete=models.CASCADE, related_name="rows")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_year", "table", "position"], name="one_subject_row_per_position"
            )
        ]


def years_of(subject: Any) -> models.QuerySet[Any]:
    """The figures by year of any subject."""
    years: models.QuerySet[Any] = subject.years.all()
    return years


class RegionYear(models.Model):
    """A region's output in a year, as a statistics office published it or as it was estimated."""

    ABOVE_SCALE_MANUFACTURING = "above_scale_manufacturing"

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="years")
    year = models.PositiveSmallIntegerField(_("year"), validators=YEARS)
    scope = models.CharField(_("scope"), max_length=40, default=ABOVE_SCALE_MANUFACTURING)
    gross_output = models.DecimalField(_("gross output, 100 million CNY"), max_digits=16, decimal_places=4)
    export_value = models.DecimalField(
        _("export value, 100 million CNY"), max_digits=16, decimal_places=4, null=True, blank=True
    )
    source = models.CharField(_("source"), max_length=300)
    vintage = models.DateField(_("vintage: day of publication"))
    estimated = models.BooleanField(_("estimated"), default=False)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("region-year")
        verbose_name_plural = _("region-years")
        constraints = [
            models.UniqueConstraint(
                fields=["region", "year", "scope"], name="one_figure_per_region_year_and_scope"
            ),
            models.CheckConstraint(condition=Q(gross_output__gt=0), name="region_output_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.region} · {self.year}"
