"""The filters that make the queue mine, overdue, or all."""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.db.models import Exists, F, OuterRef
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from certification.application.models import Application, Seat
from certification.consultation.models import Asked, Opinion
from certification.examination.models import Endorsement
from certification.queue.loads import colleagues
from certification.queue.upwards import gone_up_to
from certification.scheme.models import Round, Scheme
from certification.workflow import OPEN, Status
from greenchain.accounts.models import Role
from greenchain.accounts.posts import served_by
from greenchain.clock import today
from suppliers.place.models import Level

SOON = dt.timedelta(days=7)
LONG = 19
"""Digits of a key that no database holds."""
SEEN = (
    Status.SUBMITTED,
    Status.EVALUATION,
    Status.EXAMINATION,
    Status.RETURNED,
    Status.PANEL,
    Status.SELECTION,
    Status.NOTICE,
    Status.DECISION,
    Status.GRANTED,
    Status.REFUSED,
    Status.REJECTED,
    Status.NOT_SELECTED,
    Status.WITHDRAWN,
    Status.LAPSED,
)


def _handed() -> Any:
    """The cases that an auditor of their present desk has; asked once, not for each of 10,000 cases."""
    here = Seat.objects.current().filter(part=Role.AUDITOR, user__authority=F("application__desk"))
    return here.order_by().values("application")


class WhoFilter(admin.SimpleListFilter):
    """By the auditor of my desk who has the case."""

    title = _("who has it")
    parameter_name = "who"

    def lookups(self, request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        """Me, nobody, or a colleague."""
        others = [
            (str(person.pk), person.get_full_name() or person.get_username())
            for person in colleagues(request.user)
            if person.pk != request.user.pk
        ]
        return [("me", _("me")), ("nobody", _("nobody")), *others]

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.user = request.user

    def queryset(self, _request: HttpRequest, queryset: Any) -> Any:
        """Cases of that person."""
        match self.value():
            case None | "":
                return queryset
            case "nobody":
                return queryset.filter(status=Status.EXAMINATION).exclude(pk__in=_handed())
            case "me":
                return queryset.filter(pk__in=_handed().filter(user__in=served_by(self.user)))
            case key if key.isdecimal() and len(key) < LONG:
                return queryset.filter(pk__in=_handed().filter(user=int(key)))
            case _:
                return queryset


class WhoseFilter(admin.SimpleListFilter):
    """At my desk unless something else is asked for; a search looks everywhere in the territory."""

    title = _("where")
    parameter_name = "where"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        """Without the first choice, which is the rule."""
        up = [("up", _("Come up to me"))] if self.mine else []
        return [
            *up,
            ("territory", _("Open in my territory")),
            ("endorsed", _("Endorsed here, under way")),
            ("over", _("Closed")),
            ("all", _("All")),
        ]

    @property
    def tabs(self) -> list[dict[str, Any]]:
        """The rule is called by its name; whoever has no desk of their own starts with the territory."""
        places = [*([("mine", _("At my desk"))] if self.mine else []), *self.lookup_choices]
        return [
            {"selected": value == self.chosen, "query_string": f"?where={value}", "display": words}
            for value, words in places
        ]

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        self.mine = getattr(request.user, "role", "") in {Role.AUDITOR, Role.APPROVER}
        super().__init__(request, params, model, model_admin)
        self.user = request.user
        rule = "all" if request.GET.get("q") else "mine" if self.mine else "territory"
        self.chosen = self.value() or rule

    def queryset(self, _request: HttpRequest, queryset: Any) -> Any:
        """The rows of the chosen place."""
        match self.chosen:
            case "mine":
                return queryset.queue_of(self.user)
            case "up":
                return queryset.filter(pk__in=gone_up_to(self.user).values("pk"))
            case "territory":
                return queryset.open()
            case "endorsed":
                desk = getattr(self.user, "authority_id", None)
                own = Endorsement.objects.filter(application=OuterRef("pk"), desk=desk)
                return queryset.open().filter(Exists(own)).exclude(desk=desk)
            case "over":
                return queryset.exclude(status__in=OPEN.split())
            case _:
                return queryset


class DueFilter(admin.SimpleListFilter):
    """By deadline."""

    title = _("due")
    parameter_name = "due"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        """Three answers that matter."""
        return [("overdue", _("overdue")), ("week", _("within a week")), ("none", _("no date"))]

    def queryset(self, _request: HttpRequest, queryset: Any) -> Any:
        """Open cases by their day."""
        match self.value():
            case "overdue":
                return queryset.open().filter(due_on__lt=today())
            case "week":
                return queryset.open().filter(due_on__range=(today(), today() + SOON))
            case "none":
                return queryset.filter(due_on__isnull=True)
            case _:
                return queryset


class HeardFilter(admin.SimpleListFilter):
    """By what departments were asked and said."""

    title = _("departments")
    parameter_name = "heard"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        """From not asked to answered."""
        return [
            ("unasked", _("not asked")),
            ("awaited", _("reply awaited")),
            ("overdue", _("reply overdue")),
            ("concern", _("something to settle")),
            ("replied", _("all replies in")),
        ]

    def queryset(self, _request: HttpRequest, queryset: Any) -> Any:
        """Cases by their letters and answers."""
        asked = Asked.objects.filter(application=OuterRef("pk"))
        awaited = asked.filter(consultation__inquiries__replied_on__isnull=True)
        match self.value():
            case "unasked":
                return queryset.filter(~Exists(asked))
            case "awaited":
                return queryset.filter(Exists(awaited))
            case "overdue":
                return queryset.filter(Exists(awaited.filter(consultation__reply_by__lt=today())))
            case "concern":
                adverse = Opinion.objects.open().filter(asked__application=OuterRef("pk"))
                return queryset.filter(Exists(adverse))
            case "replied":
                return queryset.filter(Exists(asked), ~Exists(awaited))
            case _:
                return queryset


class StatusFilter(admin.SimpleListFilter):
    """By status; drafts are the applicant's own."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        """What officials see."""
        return [(status.value, status.label) for status in SEEN]

    def queryset(self, _request: HttpRequest, queryset: Any) -> Any:
        """Cases of one status."""
        return queryset.filter(status=self.value()) if self.value() else queryset


class LevelFilter(admin.SimpleListFilter):
    """By the level sought."""

    title = _("level")
    parameter_name = "level"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        """The levels at which titles are given."""
        return [(str(int(level)), level.label) for level in Level if level]

    def queryset(self, _request: HttpRequest, queryset: Any) -> Any:
        """Cases of one level."""
        value = self.value() or ""
        return queryset.filter(level=value) if value.isdigit() else queryset


class SchemeFilter(admin.SimpleListFilter):
    """By scheme."""

    title = _("scheme")
    parameter_name = "scheme"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        """Every scheme, in words."""
        return [(scheme.key, str(scheme)) for scheme in Scheme.objects.order_by("key")]

    def queryset(self, _request: HttpRequest, queryset: Any) -> Any:
        """Cases of one scheme."""
        return queryset.filter(scheme_version__scheme__key=self.value()) if self.value() else queryset


class RoundFilter(admin.SimpleListFilter):
    """By round; the newest that reach this territory are offered."""

    title = _("round")
    parameter_name = "round"
    OFFERED = 20

    def lookups(self, request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        """Rounds that this official's cases are in."""
        seen = Application.objects.visible_to(request.user).filter(round=OuterRef("pk"))
        rounds = Round.objects.filter(Exists(seen)).order_by("-opens_on", "-pk")
        return [(str(call.pk), str(call)) for call in rounds[: self.OFFERED]]

    def queryset(self, _request: HttpRequest, queryset: Any) -> Any:
        """Cases of one round."""
        value = self.value() or ""
        return queryset.filter(round=value) if value.isdigit() else queryset
