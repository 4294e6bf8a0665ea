"""Tell of a change of one's enterprise, and read what became of it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from greenchain.accounts.signedin import SignedIn
from greenchain.refusals import status_of, told_on
from suppliers.enterprise.access import may, must
from suppliers.enterprise.changeforms import ChangeForm
from suppliers.enterprise.changes import EnterpriseChange
from suppliers.enterprise.changing import tell_change
from suppliers.enterprise.models import Enterprise

KINDS = EnterpriseChange.Kind


@login_required
def changes(request: SignedIn, pk: int) -> HttpResponse:
    """What has changed in law, what waits for the desk, and the kinds that can be told."""
    enterprise = get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)
    rows = EnterpriseChange.objects.visible_to(request.user).filter(enterprise=enterprise)
    context = {
        "enterprise": enterprise,
        "changes": rows.select_related("desk", "other", "site").order_by("-told_at", "-pk"),
        "kinds": [
            (kind.label, reverse("enterprise-change-new", args=[enterprise.pk, kind.value]))
            for kind in KINDS
            if may(request.user, enterprise, "own")
        ],
    }
    return render(request, "suppliers/enterprise/changes.html", context)


@login_required
def new_change(request: SignedIn, pk: int, kind: str) -> HttpResponse:
    """Tell the desk of a change."""
    enterprise = get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)
    if kind not in KINDS.values:
        raise Http404
    must(request.user, enterprise, "own")
    form = ChangeForm(request.POST or None, enterprise=enterprise, kind=kind)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            tell_change(enterprise, by=request.user, kind=kind, **form.cleaned_data)
            messages.success(
                request, _("The desk has been told. Titles follow when it has approved the change.")
            )
            return redirect("enterprise-changes", enterprise.pk)
    context = {"form": form, "enterprise": enterprise, "title": KINDS(kind).label.capitalize(), "seen": ""}
    return render(request, "suppliers/enterprise/form.html", context, status=status_of(form))
