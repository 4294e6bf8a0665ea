"""Alerts: what happened to suppliers, and what each person wants to be told of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from certification.chain import actions, choosing, reach
from certification.chain.broken import MOST, broken_in
from certification.chain.forms import AlertForm, ChoiceForm, MuteForm, SinceForm, WatchForm
from certification.chain.heard import heard
from certification.chain.models import Alert, AlertQuerySet, Mute, Watch
from greenchain.accounts.models import Role
from greenchain.accounts.signedin import SignedIn
from greenchain.clock import now
from greenchain.refusals import NotYours, status_of, told_on
from suppliers.enterprise.models import Enterprise
from suppliers.sharing.actions import note_names
from suppliers.supply.models import SupplyLink

ALERTS_A_PAGE = 50
BUYERS_LISTED = 20


@login_required
@require_safe
def alerts(request: SignedIn) -> HttpResponse:
    """What happened to suppliers in all tiers, the newest first."""
    form = AlertForm(request.GET, user=request.user)
    links = SupplyLink.objects.visible_to(request.user).with_figures_for(request.user)
    found = form.among(_alerts(request)).select_related("buyer", "designation__scheme", "designation__site")
    rows = found.prefetch_related(Prefetch("link", links)).order_by("-at", "-pk")
    page = Paginator(rows, ALERTS_A_PAGE).get_page(request.GET.get("page"))
    told_of, hearer = heard(request.user, list(page.object_list))
    for buyer, names in hearer.consented.items():
        note_names(names, by=request.user, buyer=buyer)
    context = {
        "form": form,
        "page": page,
        "heard": told_of,
        "unseen": _alerts(request).shown_to(request.user).unseen().count(),
        "may_see": request.user.role == Role.ENTERPRISE,
        "own": list(_own(request)[:BUYERS_LISTED]) if request.user.role == Role.ENTERPRISE else [],
    }
    return render(request, "certification/chain/alerts.html", context)


@login_required
@require_POST
def seen(request: SignedIn) -> HttpResponse:
    """The buyer's people have seen one alert, or all of theirs."""
    found = _alerts(request)
    if "alert" in request.POST:
        found = found.filter(pk=get_object_or_404(found, pk=_number(request.POST["alert"])).pk)
    else:
        found = found.filter(pk__in=found.shown_to(request.user).values("pk"))
    count = actions.see(found, by=request.user)
    said = ngettext("%(count)d alert marked as seen.", "%(count)d alerts marked as seen.", count)
    messages.success(request, said % {"count": count})
    return redirect("alerts")


@require_safe
def alert_count(request: HttpRequest) -> HttpResponse:
    """The number beside "My work": alerts that nobody of the person's enterprises has seen."""
    if not request.user.is_authenticated or request.user.role != Role.ENTERPRISE:
        return HttpResponse(status=204)
    count = Alert.objects.visible_to(request.user).shown_to(request.user).unseen().count()
    return render(request, "certification/chain/alert_count.html", {"count": count})


@login_required
@require_safe
def broken(request: SignedIn) -> HttpResponse:
    """For officials: what broke in their territory, and whom it touches."""
    if request.user.authority is None or not request.user.is_official:
        raise NotYours(_("Officials read what broke in their territory."), code="role")
    form = SinceForm(request.GET or None)
    rows = broken_in(request.user.authority, now() - form.since())
    return render(request, "certification/chain/broken.html", {"form": form, "rows": rows, "most": MOST})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def alert_choices(request: SignedIn, pk: int) -> HttpResponse:
    """What the person wants to be told of one buyer's suppliers; whom they watch, and whom they muted."""
    buyer = _own_buyer(request, pk)
    form = ChoiceForm(request.POST or None, instance=choosing.choice_of(request.user, buyer))
    if request.method == "POST" and form.is_valid():
        choosing.choose(buyer, by=request.user, **form.cleaned_data)
        messages.success(request, _("Your settings hold from now on."))
        return redirect("alert-choices", buyer.pk)
    return _choices(request, buyer, form, WatchForm())


@login_required
@require_POST
def watch(request: SignedIn, pk: int) -> HttpResponse:
    """Put a supplier on the list."""
    buyer, form = _own_buyer(request, pk), WatchForm(request.POST)
    if form.is_valid():
        with told_on(form):
            row = choosing.watch(buyer, form.enterprise(), by=request.user)
            messages.success(request, _("%(name)s is watched.") % {"name": row.supplier.shown_name})
            return redirect("alert-choices", buyer.pk)
    return _choices(request, buyer, ChoiceForm(instance=choosing.choice_of(request.user, buyer)), form)


@login_required
@require_POST
def unwatch(request: SignedIn, pk: int) -> HttpResponse:
    """Take a supplier off the list."""
    row = get_object_or_404(Watch.objects.visible_to(request.user), pk=pk)
    choosing.unwatch(row, by=request.user)
    messages.success(request, _("No longer watched."))
    return redirect("alert-choices", row.buyer_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mute(request: SignedIn, pk: int) -> HttpResponse:
    """No alerts of one supplier until a day."""
    alert = get_object_or_404(_alerts(request).select_related("buyer"), pk=pk)
    if request.user.role != Role.ENTERPRISE:
        raise NotYours(_("Only people of the buyer choose what they are told."), code="role")
    form = MuteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            choosing.mute(alert, by=request.user, until_on=form.cleaned_data["until_on"])
            messages.success(request, _("Muted. What is muted stands in your settings."))
            return redirect("alerts")
    one = heard(request.user, [alert])[0][0]
    return render(
        request, "certification/chain/mute.html", {"one": one, "form": form}, status=status_of(form)
    )


@login_required
@require_POST
def unmute(request: SignedIn, pk: int) -> HttpResponse:
    """Show them again."""
    row = get_object_or_404(Mute.objects.visible_to(request.user), pk=pk)
    choosing.unmute(row, by=request.user)
    messages.success(request, _("Shown again."))
    return redirect("alert-choices", row.buyer_id)


def _choices(request: SignedIn, buyer: Enterprise, form: ChoiceForm, watching: WatchForm) -> HttpResponse:
    mine = {"user": request.user, "buyer": buyer}
    mutes = list(Mute.objects.running().filter(**mine).select_related("alert").order_by("until_on", "pk"))
    names, _hearer = heard(request.user, [row.alert for row in mutes])
    context = {
        "buyer": buyer,
        "form": form,
        "watching": watching,
        "watched": Watch.objects.filter(**mine).select_related("supplier").order_by("supplier__name", "pk"),
        "muted": list(zip(mutes, names, strict=True)),
    }
    status = max(status_of(form), status_of(watching))
    return render(request, "certification/chain/alert_choices.html", context, status=status)


def _own(request: SignedIn) -> QuerySet[Enterprise]:
    return reach.followed(request.user).order_by("name", "pk")


def _own_buyer(request: SignedIn, pk: int) -> Enterprise:
    """A buyer that the person follows, and belongs to."""
    buyer = get_object_or_404(reach.followed(request.user), pk=pk)
    if request.user.role != Role.ENTERPRISE:
        raise NotYours(_("Only people of the buyer choose what they are told."), code="role")
    return buyer


def _alerts(request: SignedIn) -> AlertQuerySet:
    return Alert.objects.visible_to(request.user)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0  # noqa: PLR2004 - fits a key
