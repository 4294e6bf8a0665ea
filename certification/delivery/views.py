"""The mails that were sent, or would have been: every person reads their own, an administrator all."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from certification.delivery.models import Delivery, DeliveryQuerySet
from greenchain.accounts.models import Role
from greenchain.accounts.signedin import SignedIn

MAILS_A_PAGE = 50
STAYING = ("console", "locmem", "filebased", "dummy")
"""Django's backends that keep mails here; others hand them to a server."""


class MailForm(forms.Form):
    """Find mails by subject or addressee."""

    q = forms.CharField(label=_("Subject or addressee"), required=False, max_length=100)

    def among(self, mails: DeliveryQuerySet) -> DeliveryQuerySet:
        """Those of ``mails`` that were asked for."""
        text = self.cleaned_data["q"].strip() if self.is_valid() else ""
        person = Q(addressee__username__icontains=text) | Q(addressee__email__icontains=text)
        return mails.filter(person | Q(subject__icontains=text)) if text else mails


@login_required
@require_safe
def mails(request: SignedIn) -> HttpResponse:
    """The newest first."""
    form = MailForm(request.GET)
    found = form.among(_seen(request)).order_by("-entry__at", "-pk").defer("text")
    page = Paginator(found, MAILS_A_PAGE).get_page(request.GET.get("page"))
    return _render(request, "mails", form=form, page=page)


@login_required
@require_safe
def mail(request: SignedIn, pk: int) -> HttpResponse:
    """One mail as it was written."""
    return _render(request, "mail", mail=get_object_or_404(_seen(request), pk=pk))


def _seen(request: SignedIn) -> DeliveryQuerySet:
    return Delivery.objects.visible_to(request.user).select_related("addressee", "entry")


def _render(request: SignedIn, name: str, **context: Any) -> HttpResponse:
    context["sends"] = settings.EMAIL_BACKEND.split(".")[-2] not in STAYING
    context["everybody"] = request.user.role == Role.ADMINISTRATOR
    return render(request, f"certification/delivery/{name}.html", context)
