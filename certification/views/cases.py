"""An applicant's applications: the list, the case page, and what is typed on it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from certification.application.actions import fill_in
from certification.application.forms import DossierForm
from certification.application.models import Application, ApplicationQuerySet
from certification.views.casepage import CasePage
from certification.views.drafting import claims_form, figures_form
from certification.workflow import OPEN, Status
from greenchain.accounts.models import Role
from greenchain.accounts.signedin import SignedIn
from greenchain.refusals import Refused, status_of, told_on
from suppliers.enterprise.access import kept_by, must
from suppliers.reporting.actions import report

PAGE = 50
WITH = (
    "applicant",
    "round",
    "scheme_version__scheme",
    "desk",
    "escalated_from",
    "home__parent__parent__parent",
    "site__enterprise",
    "site__industry",
    "enterprise",
    "product__enterprise",
    "park__manager",
    "from_title",
)


@login_required
@require_safe
def application_list(request: SignedIn) -> HttpResponse:
    """The applications of this person's enterprises; open ones first."""
    if request.user.role != Role.ENTERPRISE:
        return redirect("work")
    found = _seen(request)
    if status := request.GET.get("status"):
        found = found.filter(status=status)
    page = Paginator(found.order_by("-created_at", "-pk"), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "status": status,
        "statuses": [choice for choice in Status.choices if choice[0] in APPLIED],
        "under_way": OPEN.split(),
        "may_apply": kept_by(request.user).exists(),
    }
    return render(request, "certification/application/application_list.html", context)


APPLIED = (
    "draft submitted evaluation examination returned panel selection notice decision "
    "granted refused rejected not_selected withdrawn lapsed"
).split()


@login_required
@require_safe
def application(request: SignedIn, pk: int) -> HttpResponse:
    """The case page; officials, evaluators and experts have pages of their own."""
    case = get_object_or_404(_seen(request), pk=pk)
    if request.user.is_official:
        return redirect("admin:certification_application_change", pk)
    if request.user.role in {Role.EVALUATOR, Role.EXPERT}:
        seat = case.seats.current().filter(user=request.user).first()
        return redirect("seat", seat.pk) if seat else redirect("seats")
    return _page(request, CasePage(case, request.user))


@login_required
@require_POST
def keep_form(request: SignedIn, pk: int) -> HttpResponse:
    """Keep the form's own fields: one of them while it is typed, or all of them."""
    case = _open(request, pk)
    definition = case.scheme_version.definition
    only = request.POST.get("only", "") if request.htmx else ""
    form = DossierForm(request.POST, definition=definition, only=only, initial=case.form)
    if form.is_valid():
        with told_on(form):
            _unchanged(request, case, form)
            fill_in(case, by=request.user, form=form.cleaned_data)
            if not only:
                messages.success(request, _("The form is saved."))
                return redirect(f"{reverse('application', args=[pk])}#form")
    if not only:
        return _page(request, CasePage(_fresh(request, pk), request.user, fields=form), status_of(form))
    fresh = _fresh(request, pk)
    context = {
        "field": form[only],
        "kept": not form.errors,
        "was": fresh.form.get(only, ""),
        "page": CasePage(fresh, request.user),
    }
    return render(request, "certification/application/kept.html", context)


def _unchanged(request: SignedIn, case: Application, form: DossierForm) -> None:
    """Refuse to write over what somebody else kept since this page was opened."""
    for key, typed in form.cleaned_data.items():
        stored, was = _lines(str(case.form.get(key) or "")), request.POST.get(f"was_{key}")
        if was is not None and stored not in {_lines(was), _lines(typed)}:
            message = _("Somebody changed this meanwhile to: “%(stored)s”. Save once more to replace it.")
            raise Refused(message % {"stored": stored[:200]}, code="changed", field=key)


def _lines(text: str) -> str:
    """Browsers send line ends in their own way."""
    return text.replace("\r\n", "\n").strip()


@login_required
@require_POST
def keep_figures(request: SignedIn, pk: int) -> HttpResponse:
    """Keep the figures and claims typed on the case page."""
    case = _open(request, pk)
    page = _typed(request, case)
    figures, claims = page.figures, page.claims
    judged = [figures.is_valid(), claims.is_valid()]
    if request.POST.get("seen") != page.seen:
        page.conflict = True
    elif all(judged):
        with told_on(figures):
            _store(request, case, figures.as_typed(), claims.given(page.claims_now))
            messages.success(request, _("Figures and self-scores are saved."))
            return redirect(f"{reverse('application', args=[pk])}#indicators")
    status = 409 if page.conflict else max(status_of(figures), status_of(claims))
    return _page(request, page, status)


@transaction.atomic
def _store(request: SignedIn, case: Application, values: dict[str, Any], claims: dict[str, Any]) -> None:
    if values:
        report(case.subject, case.year, by=request.user, values=values)
    if claims:
        fill_in(case, by=request.user, claims=claims)


@login_required
@require_POST
def live_score(request: SignedIn, pk: int) -> HttpResponse:
    """What the figures and claims typed so far would score. Nothing is stored."""
    page = _typed(request, _open(request, pk))
    page.figures.is_valid()
    page.claims.is_valid()
    return render(
        request, "certification/application/live.html", {"page": page, "application": page.application}
    )


@login_required
@require_safe
def state(request: SignedIn, pk: int) -> HttpResponse:
    """Asked every second while the checks run; once they are done the page loads anew."""
    case = get_object_or_404(_seen(request), pk=pk)
    response = render(request, "certification/application/waiting.html", {"application": case})
    if case.status != Status.SUBMITTED:
        response["HX-Refresh"] = "true"
    return response


def _seen(request: SignedIn) -> ApplicationQuerySet:
    return Application.objects.visible_to(request.user).with_parts_of(request.user).select_related(*WITH)


def _fresh(request: SignedIn, pk: int) -> Application:
    return _seen(request).get(pk=pk)


def _open(request: SignedIn, pk: int) -> Application:
    """A case that this person may change now."""
    case = get_object_or_404(_seen(request), pk=pk)
    must(request.user, case.applicant, "edit")
    if case.status not in {Status.DRAFT, Status.RETURNED}:
        raise Refused(_("What was submitted can no longer be changed."), code="wrong_status")
    return case


def _typed(request: SignedIn, case: Application) -> CasePage:
    page = CasePage(case, request.user)
    stored = page.reports.get(case.year)
    page.posted = {
        "figures": figures_form(case, stored, request.POST),
        "claims": claims_form(case, page.claims_now, request.POST),
    }
    return page


def _page(request: SignedIn, page: CasePage, status: int = 200) -> HttpResponse:
    return render(request, "certification/application/case.html", page.context(), status=status)
