"""A body's own pages, and what everybody sees of the registered ones."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch, prefetch_related_objects
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from certification.body import actions
from certification.body.conditions import lacking, staff_counts
from certification.body.forms import ENTRIES, OwnBodyForm, PaperForm
from certification.body.models import LEAST_STAFF, Body, Staff
from greenchain.accounts.models import Role
from greenchain.accounts.signedin import SignedIn
from greenchain.refusals import status_of, told_on
from suppliers.evidence.handover import hand_over

PAGE = 50
NEW = {
    "staff": gettext_lazy("Add a member of staff"),
    "employers": gettext_lazy("Add a former employer"),
    "shareholders": gettext_lazy("Add a shareholder"),
    "consulting": gettext_lazy("Add a consulting contract"),
}


@require_safe
def bodies(request: HttpRequest) -> HttpResponse:
    """The bodies that may evaluate."""
    found = Body.objects.visible_to(request.user).filter(status=Body.Status.REGISTERED).counted()
    page = Paginator(found.order_by("name", "pk"), PAGE).get_page(request.GET.get("page"))
    return render(request, "certification/body/body_list.html", {"page": page})


@require_safe
def body(request: HttpRequest, pk: int) -> HttpResponse:
    """One body: a summary for everybody; officials, administrators and its own people see all of it."""
    row = get_object_or_404(Body.objects.visible_to(request.user), pk=pk)
    return render(request, "certification/body/body.html", body_context(row, request.user))


@login_required
def own(request: SignedIn) -> HttpResponse:
    """A person's own body, or the way to declare one."""
    if request.user.role != Role.EVALUATOR:
        raise PermissionDenied
    row = request.user.bodies.first()
    return redirect("body-new") if row is None else redirect("body", row.pk)


@login_required
def new(request: SignedIn) -> HttpResponse:
    """Declare a body."""
    if request.user.role != Role.EVALUATOR:
        raise PermissionDenied
    form = OwnBodyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            row = actions.declare_body(by=request.user, **form.cleaned_data)
            messages.success(
                request, _("Declared. Add your staff next; the national desk then registers you.")
            )
            return redirect("body", row.pk)
    return _form(request, form, _("Declare your evaluation body"))


@login_required
def edit(request: SignedIn, pk: int) -> HttpResponse:
    """Amend what the body says of itself."""
    row = _kept(request, pk)
    form = OwnBodyForm(request.POST or None, instance=Body.objects.get(pk=pk))
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            actions.amend_body(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("body", pk)
    return _form(request, form, _("Edit the body"), row)


@login_required
def entry(request: SignedIn, pk: int, kind: str, key: int | None = None) -> HttpResponse:
    """A new entry of one of the body's lists, or an amended one."""
    row = _kept(request, pk)
    found = _entry(row, kind, key)
    form = _entry_form(request, row, kind, _entry(row, kind, key))
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            actions.keep_entry(row, kind, by=request.user, entry=found, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("body", pk)
    return _form(request, form, str(found or NEW[kind]), row)


@login_required
def add_paper(request: SignedIn, pk: int) -> HttpResponse:
    """Add a document."""
    row = _kept(request, pk)
    form = PaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            actions.add_paper(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("body", pk)
    return _form(request, form, _("Add a document"), row)


@login_required
@require_safe
def paper(request: SignedIn, pk: int, key: int) -> FileResponse:
    """A document, for those who see all of the body."""
    row = get_object_or_404(Body.objects.visible_to(request.user), pk=pk)
    if not _sees_all(row, request.user):
        raise Http404
    return hand_over(get_object_or_404(row.papers, pk=key))


def body_context(row: Body, user: Any) -> dict[str, Any]:
    """What the body's page shows; ``full`` for who may see all of it, ``keeps`` for who may change it."""
    prefetch_related_objects([row], Prefetch("staff", Staff.objects.order_by("name", "pk")))
    titled, senior = staff_counts(row)
    keeps = bool(user.is_authenticated and actions.acts_for(user, row))
    context = {
        "body": row,
        "titled": titled,
        "senior": senior,
        "least": LEAST_STAFF,
        "lacking": lacking(row),
        "keeps": keeps,
        "sanctions": row.sanctions.order_by("-since_on", "-pk"),
    }
    if keeps or _sees_all(row, user):
        prefetch_related_objects(list(row.staff.all()), "employers")
        context |= {
            "full": True,
            "staff": row.staff.all(),
            "shareholders": row.shareholders.order_by("-share", "pk"),
            "consulting": row.consulting.order_by("-since_on", "pk"),
            "papers": row.papers.order_by("pk"),
        }
    return context


def _sees_all(row: Body, user: Any) -> bool:
    if not user.is_authenticated:
        return False
    return user.is_official or actions.decides(user) or actions.acts_for(user, row)


def _kept(request: SignedIn, pk: int) -> Body:
    row = get_object_or_404(Body.objects.visible_to(request.user), pk=pk)
    if not actions.acts_for(request.user, row):
        raise PermissionDenied
    return row


def _entry(row: Body, kind: str, key: int | None) -> Any:
    if kind not in ENTRIES:
        raise Http404
    if key is None:
        return None
    owner = {"staff__body": row} if kind == "employers" else {"body": row}
    return get_object_or_404(actions.LISTS[kind]._default_manager.filter(**owner), pk=key)


def _entry_form(request: SignedIn, row: Body, kind: str, found: Any) -> Any:
    form = ENTRIES[kind](request.POST or None, instance=found, initial=request.GET.dict())
    if kind == "employers":
        form.fields["staff"].queryset = row.staff.order_by("name")  # type: ignore[attr-defined]
    return form


def _form(request: SignedIn, form: Any, title: str, row: Body | None = None) -> HttpResponse:
    context = {"form": form, "title": title, "body": row}
    return render(request, "certification/body/form.html", context, status=status_of(form))
