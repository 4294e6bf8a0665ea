"""The vault's pages."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from greenchain.accounts.signedin import SignedIn
from greenchain.clock import today
from greenchain.refusals import status_of, told_on
from suppliers.enterprise.access import kept_by, may, must
from suppliers.enterprise.models import Enterprise
from suppliers.evidence import actions
from suppliers.evidence.condition import Condition
from suppliers.evidence.forms import AttachForm, FilterForm, ReplaceForm, RetractForm
from suppliers.evidence.handover import hand_over
from suppliers.evidence.models import Evidence, EvidenceQuerySet

PAGE = 50
OWNERS = 20
SOON = dt.timedelta(days=60)


@login_required
@require_safe
def evidence_list(request: SignedIn) -> HttpResponse:
    """What the vault holds. Officials have their register."""
    if request.user.is_official:
        return redirect("admin:suppliers_evidence_changelist")
    filters = FilterForm(request.GET)
    found = Evidence.objects.visible_to(request.user)
    if filters.is_valid():
        found = _filtered(found, **filters.cleaned_data)
    rows = found.select_related("site", "enterprise").order_by("-uploaded_at", "-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    owners = kept_by(request.user).order_by("name")[:OWNERS]
    context = {"page": page, "filters": filters, "owners": owners, "soon": today() + SOON}
    return render(request, "suppliers/evidence/evidence_list.html", context)


def _filtered(found: EvidenceQuerySet, *, q: str, kind: str, state: str) -> EvidenceQuerySet:
    match state:
        case "expiring":
            found = found.filter(expires_on__range=(today(), today() + SOON))
        case "expired":
            found = found.filter(expires_on__lt=today())
        case "faulty":
            found = found.exclude(condition__in=(Condition.GOOD, Condition.UNSEEN))
    old = Q(retracted_at__isnull=False) | Q(replaced_by__isnull=False)
    found = found.filter(old) if state == "old" else found.exclude(old)
    if kind:
        found = found.filter(kind=kind)
    return found.filter(Q(title__icontains=q) | Q(certificate_number__icontains=q)) if q else found


@login_required
def attach(request: SignedIn, pk: int) -> HttpResponse:
    """A new file for an enterprise's vault."""
    enterprise = get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)
    must(request.user, enterprise, "edit")
    form = AttachForm(
        request.POST or None,
        request.FILES or None,
        enterprise=enterprise,
        initial={"kind": request.GET.get("kind")},
    )
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            kind, title, file = (form.cleaned_data[name] for name in ("kind", "title", "file"))
            made = actions.attach(
                enterprise, by=request.user, kind=kind, title=title, upload=file, **form.coverage()
            )
            _tell(request, made, _reused(made) if made.reused else _("The file is in the vault."))
            return redirect("evidence", made.pk)
    return _form(request, form, enterprise, _("Add a file to the vault"))


def _tell(request: SignedIn, made: Evidence, words: str) -> None:
    """What was done, and what is the matter with the file."""
    messages.success(request, words)
    if made.advice:
        told = {"condition": made.get_condition_display(), "advice": made.advice}
        messages.warning(request, _("The file is kept, but: %(condition)s. %(advice)s") % told)


def _reused(made: Evidence) -> str:
    return _("This very file was in the vault already, as “%(title)s”.") % {"title": made.title}


@login_required
@require_safe
def detail(request: SignedIn, pk: int) -> HttpResponse:
    """One file: what it proves, its versions, where it is cited."""
    evidence = _seen(request, pk)
    context = {
        "evidence": evidence,
        "newer": Evidence.objects.filter(replaces=evidence).first(),
        "cited": _cited(evidence) if may(request.user, evidence.enterprise, "view") else [],
        "may_edit": may(request.user, evidence.enterprise, "edit"),
    }
    return render(request, "suppliers/evidence/evidence.html", context)


def _cited(evidence: Evidence) -> Any:
    """Where it is cited; for members only, since an official may not see each of those cases."""
    found = evidence.citations.select_related("application__round", "application__scheme_version__scheme")
    return found.order_by("-application", "requirement")[:PAGE]


@login_required
@require_safe
def file(request: SignedIn, pk: int) -> FileResponse:
    """The file itself."""
    return hand_over(_seen(request, pk), inline="inline" in request.GET)


@login_required
def replace(request: SignedIn, pk: int) -> HttpResponse:
    """A newer version."""
    evidence = _seen(request, pk)
    must(request.user, evidence.enterprise, "edit")
    form = ReplaceForm(
        request.POST or None,
        request.FILES or None,
        instance=_seen(request, pk),
        enterprise=evidence.enterprise,
        initial={"expires_on": None, "issued_on": None},
    )
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            title, upload = form.cleaned_data["title"], form.cleaned_data["file"]
            made = actions.replace(evidence, by=request.user, upload=upload, title=title, **form.coverage())
            _tell(request, made, _("The newer version stands in the vault."))
            return redirect("evidence", made.pk)
    return _form(
        request, form, evidence.enterprise, _("A newer version of “%(title)s”") % {"title": evidence.title}
    )


@login_required
def retract(request: SignedIn, pk: int) -> HttpResponse:
    """No longer to be cited."""
    evidence = _seen(request, pk)
    must(request.user, evidence.enterprise, "edit")
    form = RetractForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            actions.retract(evidence, by=request.user, reasons=form.cleaned_data["reasons"])
            messages.success(request, _("The file can no longer be cited. It stays on record."))
            return redirect("evidence", pk)
    return _form(request, form, evidence.enterprise, _("Retract “%(title)s”") % {"title": evidence.title})


def _seen(request: SignedIn, pk: int) -> Evidence:
    found = Evidence.objects.visible_to(request.user)
    return get_object_or_404(
        found.select_related("enterprise", "site", "product", "replaces", "uploaded_by"), pk=pk
    )


def _form(request: SignedIn, form: object, enterprise: Enterprise, title: str) -> HttpResponse:
    context = {"form": form, "enterprise": enterprise, "title": title}
    return render(request, "suppliers/evidence/form.html", context, status=status_of(form))
