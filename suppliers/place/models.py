"""Where: regions (GB/T 2260), the authorities that answer for them, industries (GB/T 4754-2017)."""

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from greenchain.accounts.models import User


M = TypeVar("M", bound=models.Model)


class Level(models.IntegerChoices):
    """How high an authority stands; a title is sought at one of the upper three."""

    COUNTY = 0, _("county")
    MUNICIPAL = 1, _("municipal")
    PROVINCIAL = 2, _("provincial")
    NATIONAL = 3, _("national")

    @property
    def word(self) -> str:
        """The stable word used in data files, the API and addresses."""
        return self.name.lower()

    @classmethod
    def from_word(cls, word: str) -> "Level":
        """The level that ``word`` names; KeyError for any other word."""
        return cls[word.upper()]


class Named(models.Model):
    """Has a Chinese and an English name; shows the one that fits the reader."""

    name_zh = models.CharField(_("Chinese name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=160, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The Chinese name for Chinese readers, else the English one where there is one."""
        chinese = (get_language() or "").startswith("zh")
        return self.name_zh if chinese else self.name_en or self.name_zh


class ReferenceQuerySet(models.QuerySet[M]):
    """Public facts."""

    def visible_to(self, _user: "User | AnonymousUser") -> Self:
        """Everybody sees reference data."""
        return self.all()


class AuthorityQuerySet(ReferenceQuerySet["Authority"]):
    """The tree of authorities, read by its paths."""

    def under(self, authority: "Authority") -> Self:
        """``authority`` and everything below it."""
        return self.filter(path__startswith=authority.path)

    def above(self, authority: "Authority") -> Self:
        """``authority`` and everything above it, nearest first."""
        return self.filter(code__in=authority.path.strip("/").split("/")).order_by("-path")


class Authority(Named):
    """Recommends and grants for the regions that have it as their desk.

    31 provinces, five separately planned cities and the Xinjiang Production and Construction Corps
    recommend straight to the nation.
    """

    class Kind(models.TextChoices):
        NATION = "nation", _("nation")
        PROVINCE = "province", _("province")
        PLANNED_CITY = "planned_city", _("separately planned city")
        CORPS = "corps", _("production and construction corps")
        CITY = "city", _("city")
        COUNTY = "county", _("county")

    code = models.CharField(_("code"), max_length=8, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    path = models.CharField(_("path"), max_length=64, unique=True)
    region = models.ForeignKey(
        "suppliers.Region",
        verbose_name=_("region"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = AuthorityQuerySet.as_manager()

    class Meta:
        verbose_name = _("authority")
        verbose_name_plural = _("authorities")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(path__endswith="/"), name="authority_path_ends_with_slash"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="nation", parent__isnull=True) | ~models.Q(kind="nation"),
                name="nation_has_no_parent",
            ),
        ]

    @property
    def rank(self) -> Level:
        """The level as a ``Level``."""
        return Level(self.level)

    def up(self) -> "Authority | None":
        """The authority above, or None for the nation."""
        return self.parent

    def lineage(self) -> list["Authority"]:
        """The authority itself, then each one above it, up to the nation: one query, or none if they were joined."""
        found = [self]
        while found[-1].parent_id is not None:
            if not type(self).parent.is_cached(found[-1]):
                return list(type(self).objects.above(self))
            found.append(found[-1].parent)  # type: ignore[arg-type]
        return found

    def desk_for(self, level: int) -> "Authority":
        """The nearest authority from here upwards that stands at ``level`` or above."""
        return next(each for each in self.lineage() if each.level >= level)

    def route(self, level: int) -> list["Authority"]:
        """The desks a case passes from here to ``desk_for(level)``, both included."""
        lineage = self.lineage()
        last = next(index for index, each in enumerate(lineage) if each.level >= level)
        return lineage[: last + 1]

    def covers(self, other: "Authority | None") -> bool:
        """Whether ``other`` is this authority or stands below it."""
        return other is not None and other.path.startswith(self.path)


STAND_INS = ("110100", "120100", "310100", "500100")
"""The stand-in prefectures of the four municipalities; they bear the municipality's own name."""


class RegionQuerySet(ReferenceQuerySet["Region"]):
    """Regions, three deep at most."""

    def told_apart(self) -> Self:
        """Without the stand-in prefectures, which hold what their municipalities hold."""
        return self.exclude(pk__in=STAND_INS)

    def within(self, region: "Region") -> Self:
        """``region``, its children and their children."""
        return self.filter(
            models.Q(pk=region.pk) | models.Q(parent=region.pk) | models.Q(parent__parent=region.pk)
        )


class Region(Named):
    """A province, prefecture or county-level unit of GB/T 2260.

    ``desk`` is the lowest authority that answers for it. Taiwan, Hong Kong and Macao
    have no desk here. The four municipalities have one stand-in prefecture
    (xx0100); county-level units run by their province (xx90xx) hang under the province itself.
    """

    class Kind(models.TextChoices):
        PROVINCE = "province", _("province")
        PREFECTURE = "prefecture", _("prefecture")
        COUNTY = "county", _("county")

    code = models.CharField(_("code"), max_length=6, primary_key=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    desk = models.ForeignKey(
        Authority,
        verbose_name=_("desk"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="regions",
    )

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")

    def __str__(self) -> str:
        """The name; a stand-in prefecture is told apart from its municipality."""
        return gettext("%(name)s · districts") % {"name": self.name} if self.pk in STAND_INS else self.name


class IndustryQuerySet(ReferenceQuerySet["Industry"]):
    """GB/T 4754-2017, section C."""

    def classes(self) -> Self:
        """The four-digit classes that forms ask for."""
        return self.filter(kind=Industry.Kind.CLASS)


class Industry(Named):
    """An industry of GB/T 4754-2017; the form asks for a four-digit class."""

    class Kind(models.TextChoices):
        SECTION = "section", _("section")
        DIVISION = "division", _("division")
        GROUP = "group", _("group")
        CLASS = "class", _("class")

    code = models.CharField(_("code"), max_length=4, primary_key=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )

    objects = IndustryQuerySet.as_manager()

    class Meta:
        verbose_name = _("industry")
        verbose_name_plural = _("industries")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def lineage(self) -> list[str]:
        """The codes from this industry up to its division, e.g. ``["3612", "361", "36"]``."""
        return [self.code[:length] for length in range(len(self.code), 1, -1)]


def nation() -> Authority:
    """The authority at the root of the tree."""
    return Authority.objects.get(kind=Authority.Kind.NATION)


def desk_of(region: Region | None) -> Authority:
    """Who answers for ``region``; the nation for places abroad and for regions without a desk."""
    return region.desk if region is not None and region.desk is not None else nation()
