"""The inbox and its settings; the mails as they were sent, or would have been."""

from typing import Any

from django.conf import settings
from django.contrib import messages as flashes
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from certification.delivery import actions
from certification.delivery.forms import ChoiceForm, InboxForm, MailForm
from certification.delivery.kinds import KINDS
from certification.delivery.models import Delivery, MailChoice
from certification.delivery.unsubscribing import meant_by
from greenchain.accounts.models import Role
from greenchain.accounts.signedin import SignedIn

A_PAGE = 50
MOST_COUNTED = 100
STAYING = ("console", "locmem", "filebased", "dummy")
"""Django's backends that keep mails here; others hand them to a server."""


@login_required
@require_safe
def inbox(request: SignedIn) -> HttpResponse:
    """What the person was told, the newest first."""
    form = InboxForm(request.GET)
    own = Delivery.objects.of(request.user)
    found = form.among(own).select_related("entry").defer("text").order_by("-pk")
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "unread": own.unread().count()}
    return render(request, "certification/delivery/inbox.html", context)


@login_required
@require_POST
def mark_read(request: SignedIn) -> HttpResponse:
    """One message, or all of the person's."""
    found = Delivery.objects.of(request.user)
    if "message" in request.POST:
        found = found.filter(pk=get_object_or_404(found, pk=_number(request.POST["message"])).pk)
    count = actions.read(found, by=request.user)
    said = ngettext("%(count)d message marked as read.", "%(count)d messages marked as read.", count)
    flashes.success(request, said % {"count": count})
    return redirect("inbox")


@require_safe
def unread_count(request: HttpRequest) -> HttpResponse:
    """The number in the header: one question, asked after the page; counted up to a hundred."""
    if not request.user.is_authenticated:
        return HttpResponse(status=204)
    count = Delivery.objects.of(request.user).unread().order_by()[:MOST_COUNTED].count()
    return render(request, "certification/delivery/unread.html", {"count": count, "most": MOST_COUNTED})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mail_choices(request: SignedIn) -> HttpResponse:
    """How the person wants to be told."""
    choice = MailChoice.objects.filter(user=request.user).first() or MailChoice(user=request.user)
    form = ChoiceForm(request.POST or None, choice=choice)
    if request.method == "POST" and form.is_valid():
        actions.choose(by=request.user, **form.arguments())
        flashes.success(request, _("Your settings hold from the next message on."))
        return redirect("mail-choices")
    return render(request, "certification/delivery/choices.html", {"form": form})


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """A link in a mail: reading it asks, one click does it. The signature stands for the person."""
    meant = meant_by(token)
    if meant is None:
        raise Http404
    person, what = meant
    if request.method == "POST":
        actions.unsubscribe(person, what)
    name = "" if what == "digest" else KINDS[what].name
    context = {"done": request.method == "POST", "what": name, "addressee": person.email}
    return render(request, "certification/delivery/unsubscribe.html", context)


@login_required
@require_safe
def mails(request: SignedIn) -> HttpResponse:
    """The newest first."""
    form = MailForm(request.GET)
    found = form.among(_seen(request)).order_by("-entry__at", "-pk").defer("text")
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    return _render(request, "mails", form=form, page=page)


@login_required
@require_safe
def mail(request: SignedIn, pk: int) -> HttpResponse:
    """One message as it was written; who opens their own has read it."""
    row = get_object_or_404(_seen(request), pk=pk)
    if row.addressee_id == request.user.pk and row.read_at is None:
        actions.read(Delivery.objects.filter(pk=row.pk), by=request.user)
    return _render(request, "mail", mail=row)


def _seen(request: SignedIn) -> Any:
    return Delivery.objects.visible_to(request.user).select_related("addressee", "entry", "digest")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0  # noqa: PLR2004 - fits a key


def _render(request: SignedIn, name: str, **context: Any) -> HttpResponse:
    context["sends"] = settings.EMAIL_BACKEND.split(".")[-2] not in STAYING
    context["everybody"] = request.user.role == Role.ADMINISTRATOR
    return render(request, f"certification/delivery/{name}.html", context)
