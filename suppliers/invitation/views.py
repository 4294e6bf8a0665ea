"""The page that an invitation's mail leads to, and what members do with invitations here."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from greenchain.accounts.models import Role
from greenchain.accounts.signedin import SignedIn
from greenchain.addresses import unseen
from greenchain.exports import csv_answer
from greenchain.refusals import NotYours, status_of, told_on
from suppliers.claim.forms import ClaimForm
from suppliers.enterprise.access import kept_by
from suppliers.invitation import actions, answering
from suppliers.invitation.forms import JoinForm
from suppliers.invitation.models import Invitation

A_PAGE = 50
HEAD = ("buyer", "identifier", "supplier", "sent_on", "expires_on", "status", "answered_on")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Who invites, for what, and what follows. Declining needs no account."""
    row = answering.opened(secret)
    if row is None:
        return gone(request)
    if request.method == "POST":
        answering.decline(row, by=request.user if request.user.is_authenticated else None)
        messages.success(request, _("You have declined. This buyer does not ask you again for half a year."))
        return redirect("home")
    context: dict[str, Any] = {"row": row, "secret": secret, "member": False}
    if request.user.is_authenticated and request.user.role == Role.ENTERPRISE:
        form = JoinForm(user=request.user, supplier=row.supplier)
        context |= {"member": True, "form": form if form.mine else None}
    return unseen(render(request, "suppliers/invitation/invitation.html", context))


@never_cache
@login_required
@require_POST
def join(request: SignedIn, secret: str) -> HttpResponse:
    """With an enterprise that one has here."""
    row = answering.opened(secret)
    if row is None:
        return gone(request)
    return _join(request, row)


@never_cache
@login_required
def join_by_claim(request: SignedIn, secret: str) -> HttpResponse:
    """With an enterprise that nobody acts for yet: its desk compares the licence."""
    row = answering.opened(secret)
    if row is None:
        return gone(request)
    if request.user.role != Role.ENTERPRISE:
        raise NotYours(_("Only people of an enterprise claim one."), code="role")
    form = ClaimForm(request.POST or None, request.FILES or None, initial=_known(row))
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            licence, message = form.cleaned_data["licence"], form.cleaned_data["message"]
            made = answering.join_by_claim(
                row, form.details(), by=request.user, licence=licence, message=message
            )
            messages.success(request, _("Your claim is with %(desk)s.") % {"desk": made.desk})
            return redirect("claim", made.pk)
    return unseen(render(request, "suppliers/claim/new.html", {"form": form}, status=status_of(form)))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_invitations(request: HttpRequest, key: str) -> HttpResponse:
    """The address gets no more invitations from this buyer; a press of a button does it."""
    row = answering.meant_by(key)
    if row is None:
        return gone(request)
    if request.method == "POST":
        answering.stop(row)
    context = {"row": row, "stopped": request.method == "POST"}
    return unseen(render(request, "suppliers/invitation/stop.html", context))


@login_required
@require_safe
def received(request: SignedIn) -> HttpResponse | StreamingHttpResponse:
    """Invitations to one's enterprises, those that wait first."""
    mine = kept_by(request.user)
    rows = Invitation.objects.visible_to(request.user).filter(supplier__in=mine)
    found = rows.select_related("buyer", "supplier").order_by("-sent_at", "-pk")
    if request.GET.get("format") == "csv":
        return csv_answer("invitations.csv", HEAD, map(_cells, found))
    context = {"page": Paginator(found, A_PAGE).get_page(request.GET.get("page"))}
    return render(request, "suppliers/invitation/received.html", context)


@login_required
@require_POST
def accept(request: SignedIn, pk: int) -> HttpResponse:
    """A member of the supplier joins without the mail's link."""
    row = _received(request, pk)
    answering.accept(row, row.supplier, by=request.user)
    messages.success(request, _joined(row))
    return redirect("invitations")


@login_required
@require_POST
def decline(request: SignedIn, pk: int) -> HttpResponse:
    """A member of the supplier declines."""
    row = _received(request, pk)
    answering.decline_for(row, by=request.user)
    messages.success(request, _("You have declined. This buyer does not ask you again for half a year."))
    return redirect("invitations")


@login_required
@require_POST
def resend(request: SignedIn, pk: int) -> HttpResponse:
    """The same mail once more, or to another address."""
    row = _sent(request, pk)
    actions.resend(row, by=request.user, contact=request.POST.get("contact", "")[:254])
    messages.success(request, _("Sent once more."))
    return redirect("responses", row.buyer_id)


@login_required
@require_POST
def cancel(request: SignedIn, pk: int) -> HttpResponse:
    """The link is void."""
    row = actions.cancel(_sent(request, pk), by=request.user)
    messages.success(request, _("Cancelled. The link leads nowhere from now on."))
    return redirect("responses", row.buyer_id)


@login_required
@require_POST
def remind(request: SignedIn, pk: int) -> HttpResponse:
    """Call it to mind."""
    row = actions.remind(_sent(request, pk), by=request.user)
    messages.success(request, _("The reminder is on its way."))
    return redirect("responses", row.buyer_id)


def gone(request: HttpRequest) -> HttpResponse:
    """Wrong, expired, used or taken back: one answer for all, so that it tells nothing."""
    return unseen(render(request, "suppliers/invitation/gone.html", status=404))


def _join(request: SignedIn, row: Invitation) -> HttpResponse:
    form = JoinForm(request.POST, user=request.user, supplier=row.supplier)
    if not form.is_valid():
        raise NotYours(_("Only owners and editors of the supplier join for it."), code="role")
    answering.accept(row, form.cleaned_data["enterprise"], by=request.user)
    messages.success(request, _joined(row))
    return redirect("enterprise", form.cleaned_data["enterprise"].pk)


def _cells(row: Invitation) -> list[object]:
    """One invitation that was received."""
    return [
        row.buyer.name,
        row.buyer.identifier,
        row.supplier.name if row.supplier else row.name,
        row.sent_at.date() if row.sent_at else None,
        row.expires_on,
        "expired" if row.is_expired else row.status,
        row.answered_at.date() if row.answered_at else None,
    ]


def _joined(row: Invitation) -> str:
    return _("You are linked with %(buyer)s. Nothing is shared until you consent to it.") % {
        "buyer": row.buyer.shown_name
    }


def _known(row: Invitation) -> dict[str, Any]:
    """What the form may begin with: the buyer's own words where the supplier is not known, else the noted ones."""
    who = row.supplier
    if who is None:
        scheme, _colon, identifier = row.identifier.rpartition(":")
        return {
            "scheme": scheme or "uscc",
            "identifier": identifier,
            "name": row.name,
            "contact_email": row.contact,
        }
    return {
        "scheme": who.scheme,
        "identifier": who.identifier,
        "country": who.country,
        "name": who.name,
        "name_en": who.name_en,
        "region": who.region_id,
        "contact_email": row.contact,
    }


def _seen(request: SignedIn) -> Any:
    return Invitation.objects.visible_to(request.user).select_related("buyer", "supplier")


def _received(request: SignedIn, pk: int) -> Any:
    return get_object_or_404(_seen(request), pk=pk, supplier__isnull=False)


def _sent(request: SignedIn, pk: int) -> Invitation:
    found: Invitation = get_object_or_404(_seen(request), pk=pk)
    return found
