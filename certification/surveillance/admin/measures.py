"""What may be done to a title: proposals, suspensions after accidents, and the ranks behind them."""

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from certification.surveillance.accidents import confirm_hold
from certification.surveillance.actions import drop
from certification.surveillance.admin.titles import keeps, title_link
from certification.surveillance.annual import YearRank
from certification.surveillance.forms import StandByForm
from certification.surveillance.models import Hold, Proposal
from greenchain.audit.acts import Act, ReasonsForm
from greenchain.audit.desk import Desk


@admin.register(Proposal)
class ProposalDesk(Desk[Proposal]):
    """Why a title may be suspended or taken away, and what its holder answers."""

    acts = (
        Act("drop", _("Drop the proposal"), drop, ReasonsForm, "plain", keeps, lambda row: not row.outcome),
    )
    list_display = ("title", "measure", "ground", "cause", "at", "reply_by", "replied_at", "outcome")
    list_display_links = ("at",)
    list_filter = ("measure", "ground", "outcome", ("replied_at", admin.EmptyFieldListFilter), "reply_by")
    list_select_related = ("designation",)
    search_fields = ("designation__number", "designation__name")
    ordering = ("-at", "-pk")
    fields = readonly_fields = (
        "title",
        "measure",
        "ground",
        "cause",
        "reasons",
        "resting",
        "by",
        "at",
        "reply_by",
        "reply",
        "replied_at",
        "outcome",
        "decided_at",
    )

    @admin.display(description=_("designation"), ordering="designation__number")
    def title(self, row: Proposal) -> SafeString:
        """Where it is decided."""
        return title_link(row)

    @admin.display(description=_("what it rests on"))
    def resting(self, row: Proposal) -> SafeString | str:
        """Each year's rank, or the duty that was not done."""
        years = row.evidence.get("years", [])
        if years:
            words = gettext("%(year)s: rank %(rank)s of %(of)s, score %(score)s, %(version)s")
            return format_html_join("", "<p>{}</p>", ((words % one,) for one in years))
        return str(row.obligation or "–")


@admin.register(Hold)
class HoldDesk(Desk[Hold]):
    """Titles suspended at once after a serious accident, to be confirmed or lifted (by reinstating the title)."""

    acts = (
        Act(
            "stand_by",
            _("Confirm the suspension"),
            confirm_hold,
            StandByForm,
            "primary",
            keeps,
            lambda row: not row.outcome,
        ),
    )
    list_display = ("title", "record", "at", "answer_by", "outcome")
    list_display_links = ("record",)
    list_filter = ("outcome", "answer_by")
    list_select_related = ("designation", "record")
    search_fields = ("designation__number", "designation__name")
    ordering = ("-at", "-pk")
    fields = readonly_fields = (
        "title",
        "record",
        "at",
        "answer_by",
        "outcome",
        "reasons",
        "answered_by",
        "answered_at",
    )

    @admin.display(description=_("designation"), ordering="designation__number")
    def title(self, row: Hold) -> SafeString:
        """Where it is lifted."""
        return title_link(row)


@admin.register(YearRank)
class YearRankDesk(Desk[YearRank]):
    """Where titles stood in a year, by the figures of their annual forms."""

    list_display = ("title", "name", "year", "score", "rank", "of", "lowest", "authority")
    list_display_links = ("year",)
    list_filter = ("year", "lowest")
    list_select_related = ("designation", "authority")
    search_fields = ("designation__number", "designation__name")
    ordering = ("-year", "rank", "pk")
    fields = readonly_fields = (
        "title",
        "name",
        "year",
        "score",
        "rank",
        "of",
        "lowest",
        "scheme_version",
        "digest",
    )

    @admin.display(description=_("designation"), ordering="designation__number")
    def title(self, row: YearRank) -> SafeString:
        """The title that was ranked."""
        return title_link(row)

    @admin.display(description=_("name"), ordering="designation__name")
    def name(self, row: YearRank) -> str:
        """As announced."""
        return row.designation.name
