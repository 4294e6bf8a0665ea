"""Who: an enterprise under any identifier scheme, and the names it bore."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Replace
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from greenchain.clock import now
from suppliers.enterprise.scope import desk_scope, enterprise_scope
from suppliers.place.models import Authority, Industry, Region, desk_of

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.db.models.expressions import Expression

    from suppliers.enterprise.scope import Viewer


COMPARED = (("（", "("), ("）", ")"), (" ", ""), ("\u3000", ""), ("\u00a0", ""))
"""How names are compared: brackets half-width, no blanks. The name itself is kept as it was given."""


def spelling(name: "Expression | F") -> "Expression":
    """``name`` as the database compares names."""
    (first, becomes), *others = COMPARED
    expression = Replace(name, Value(first), Value(becomes))
    for given, compared in others:
        expression = Replace(expression, Value(given), Value(compared))
    return expression


def spelled(name: str) -> str:
    """``name`` as Python compares names; the same as ``spelling``."""
    for given, compared in COMPARED:
        name = name.replace(given, compared)
    return name


class EnterpriseQuerySet(models.QuerySet["Enterprise"]):
    """Enterprises by who may see them, or by name."""

    def visible_to(self, user: "Viewer") -> Self:
        """Members see theirs; officials those that are, or have a site, in a place they answer for."""
        condition = enterprise_scope(user, "pk", "region")
        if user.is_authenticated and user.is_active and user.is_official and user.authority is not None:
            condition |= Q(pk__in=Enterprise.objects.sited_under(user.authority))
        return self.filter(condition)

    def sited_under(self, authority: Authority) -> "QuerySet[Enterprise, int]":
        """Keys of the enterprises that have a site in a place ``authority`` answers for."""
        return self.filter(desk_scope(authority, "sites__region")).values_list("pk", flat=True)

    def named(self, name: str) -> Self:
        """Every enterprise that bears or bore ``name``, brackets and blanks aside.

        Not scoped: names are public, and a buyer must be able to name a supplier.
        """
        former = FormerName.objects.filter(name_key=spelled(name)).values("enterprise")
        return self.filter(Q(name_key=spelled(name)) | Q(pk__in=former))

    def identified(self, scheme: str, identifier: str) -> Self:
        """The enterprise with this identifier (already normalised)."""
        return self.filter(scheme=scheme, identifier=identifier)


class Enterprise(models.Model):
    """A legal person, known by an identifier in a scheme: USCC in China, another one abroad."""

    class Scheme(models.TextChoices):
        USCC = "uscc", _("Unified Social Credit Code (China)")
        LEI = "lei", _("Legal Entity Identifier (LEI)")
        DUNS = "duns", _("D-U-N-S number")
        VAT = "vat", _("VAT number")
        NATIONAL = "national", _("National company number")

    scheme = models.CharField(_("identifier scheme"), max_length=8, choices=Scheme, default=Scheme.USCC)
    identifier = models.CharField(_("identifier"), max_length=40)
    country = models.CharField(_("country"), max_length=2, default="CN")
    name = models.CharField(_("registered name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    name_key = models.GeneratedField(
        expression=spelling(F("name")),
        output_field=models.CharField(max_length=200),
        db_persist=True,
        db_index=True,
    )
    region = models.ForeignKey(
        Region,
        verbose_name=_("region"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="enterprises",
    )
    industry = models.ForeignKey(
        Industry,
        verbose_name=_("industry"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    address = models.CharField(_("address"), max_length=300, blank=True)
    legal_representative = models.CharField(_("legal representative"), max_length=80, blank=True)
    contact_name = models.CharField(_("contact person"), max_length=80, blank=True)
    contact_phone = models.CharField(_("contact phone"), max_length=40, blank=True)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    shareholders_on = models.DateField(
        _("shareholders complete as of"),
        null=True,
        blank=True,
        help_text=_(
            "Give a day only if every shareholder is in the list. Evaluators' independence needs it."
        ),
    )
    claimed_at = models.DateTimeField(_("claimed at"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=now, editable=False)

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        verbose_name = _("enterprise")
        verbose_name_plural = _("enterprises")
        constraints = [
            models.UniqueConstraint(fields=["scheme", "identifier"], name="one_enterprise_per_identifier"),
            models.CheckConstraint(condition=~Q(identifier=""), name="enterprise_has_an_identifier"),
            models.CheckConstraint(condition=~Q(scheme="uscc") | Q(country="CN"), name="uscc_is_chinese"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """The registered name for Chinese readers, else the English one where there is one."""
        return self.name if (get_language() or "").startswith("zh") else self.name_en or self.name

    @property
    def desk(self) -> Authority:
        """The authority that answers for this enterprise; the nation for one abroad."""
        return desk_of(self.region)


class FormerName(models.Model):
    """A name the enterprise bore until a day; lists of former years still carry it."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="former_names")
    name = models.CharField(_("former name"), max_length=200)
    name_key = models.GeneratedField(
        expression=spelling(F("name")),
        output_field=models.CharField(max_length=200),
        db_persist=True,
        db_index=True,
    )
    until_on = models.DateField(_("borne until"), null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enterprise", "name"], name="former_name_once")]

    def __str__(self) -> str:
        return self.name
