"""The applicant starts an application, and cites files under its gates and indicators."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from certification.application import actions
from certification.application.dossier import site_of
from certification.application.forms import CiteForm, StartForm
from certification.application.local import proofs_of
from certification.application.models import Application, Citation
from certification.application.precheck import precheck, title_before
from greenchain.accounts.models import Role
from greenchain.accounts.signedin import SignedIn
from greenchain.refusals import NotYours, Refused, status_of, told_on
from suppliers.enterprise.access import must
from suppliers.evidence.actions import attach
from suppliers.evidence.forms import AttachForm
from suppliers.evidence.kinds import KINDS
from suppliers.evidence.models import Evidence

OFFERED = 200


@login_required
def new(request: SignedIn) -> HttpResponse:
    """Choose, see what the record already says, then start."""
    if request.user.role != Role.ENTERPRISE:
        raise NotYours(_("Only people of an enterprise apply."), code="role")
    asked = request.POST or request.GET.copy()
    if "site" in request.GET and request.method != "POST":
        asked["subject"] = f"site:{request.GET['site']}"
    form = StartForm(asked or None, user=request.user)
    complete = bool(asked.get("subject") and asked.get("call"))
    if not complete or not form.is_valid():
        status = status_of(form) if request.method == "POST" else 200
        return render(
            request, "certification/application/new.html", {"form": form, "complete": complete}, status=status
        )
    call, level, subject = form.chosen()
    sketch = actions.sketch(call, level=level, subject=subject, by=request.user)
    before = title_before(sketch)
    sketch.from_title = before
    if request.method == "POST":
        with told_on(form):
            made = actions.start(call, level=level, subject=subject, by=request.user, from_title=before)
            messages.success(request, _("Draft %(number)s is open.") % {"number": made.number})
            return redirect("application", made.pk)
    context = {"form": form, "complete": True, "sketch": sketch, "found": precheck(sketch, request.user)}
    return render(request, "certification/application/new.html", context, status=status_of(form))


@login_required
def cite(request: SignedIn, pk: int, requirement: str) -> HttpResponse:
    """Choose files of the vault, or bring one, to prove one requirement."""
    application = _own(request, pk)
    kinds = proofs_of(application).get(requirement)
    if kinds is None:
        raise Http404
    fitting, others = _vault(application, requirement, kinds)
    form = CiteForm(_if(request, "cite"), offered={proof.pk: proof for proof in (*fitting, *others)})
    upload = _upload_form(request, application, kinds)
    if request.method == "POST" and (form if "cite" in request.POST else upload).is_valid():
        with told_on(form if "cite" in request.POST else upload):
            chosen = form.chosen() if "cite" in request.POST else None
            count = _cite(application, request.user, requirement, chosen, upload)
            told = ngettext("%(count)d file is cited.", "%(count)d files are cited.", count) % {
                "count": count
            }
            messages.success(request, told)
            return redirect(f"{reverse('application', args=[pk])}#{requirement}")
    context = {
        "application": application,
        "requirement": requirement,
        "title": Citation(application=application, requirement=requirement).under,
        "kinds": [KINDS[kind] for kind in kinds],
        "fitting": fitting,
        "others": others,
        "form": form,
        "upload": upload,
    }
    status = max(status_of(form), status_of(upload))
    return render(request, "certification/application/cite.html", context, status=status)


@login_required
@require_POST
def cite_fitting(request: SignedIn, pk: int) -> HttpResponse:
    """Everything that the vault holds and that fits, cited in one go."""
    requirement = request.POST.get("requirement", "")
    count = actions.cite_fitting(_own(request, pk), by=request.user, requirement=requirement)
    told = ngettext("%(count)d citation was added.", "%(count)d citations were added.", count)
    messages.success(request, told % {"count": count})
    return redirect(f"{reverse('application', args=[pk])}#{requirement or 'missing'}")


@login_required
@require_POST
def uncite(request: SignedIn, pk: int) -> HttpResponse:
    """The file is no longer cited there."""
    seen = Citation.objects.filter(application__in=Application.objects.visible_to(request.user))
    citation = get_object_or_404(seen.select_related("application"), pk=pk)
    actions.uncite(citation, by=request.user)
    messages.success(request, _("The file is no longer cited there. It stays in the vault."))
    return redirect(f"{reverse('application', args=[citation.application_id])}#{citation.requirement}")


def _own(request: SignedIn, pk: int) -> Application:
    seen = Application.objects.visible_to(request.user).select_related(
        "applicant", "scheme_version", "round", "site"
    )
    application = get_object_or_404(seen, pk=pk)
    must(request.user, application.applicant, "edit")
    if application.status not in {"draft", "returned"}:
        raise Refused(_("What was submitted can no longer be changed."), code="wrong_status")
    return application


def _vault(application: Application, requirement: str, kinds: Any) -> tuple[list[Evidence], list[Evidence]]:
    """The vault's valid files that are not cited there yet: those of a fitting kind, and the others."""
    site = site_of(application.subject)
    cited = application.citations.filter(requirement=requirement).values("evidence")
    valid = Evidence.objects.valid().filter(enterprise=application.applicant).exclude(pk__in=cited)
    rows = list(valid.select_related("site").order_by("-uploaded_at")[:OFFERED])
    near = [row for row in rows if row.kind in kinds and _near(row, application, site)]
    return near, [row for row in rows if row not in near]


def _near(row: Evidence, application: Application, site: Any) -> bool:
    """Whether it is about this subject, and can be read."""
    of_site = row.site_id in {None, site.pk if site else None}
    return of_site and row.product_id in {None, application.product_id} and not row.is_unreadable


def _if(request: SignedIn, name: str) -> Any:
    return request.POST if request.method == "POST" and name in request.POST else None


def _upload_form(request: SignedIn, application: Application, kinds: Any) -> AttachForm:
    files, year = request.FILES if "upload" in request.POST else None, application.year
    initial: dict[str, Any] = {"site": application.site_id}
    if any(KINDS[kind].yearly for kind in kinds):
        initial |= {"period_from": dt.date(year, 1, 1), "period_to": dt.date(year, 12, 31)}
    form = AttachForm(_if(request, "upload"), files, enterprise=application.applicant, initial=initial)
    form.fields["kind"].choices = [(kind, str(KINDS[kind])) for kind in kinds]  # type: ignore[attr-defined]
    return form


@transaction.atomic
def _cite(
    application: Application, by: Any, requirement: str, chosen: list[Evidence] | None, upload: AttachForm
) -> int:
    """Cite the chosen files, or the one that is brought along: all of it, or nothing."""
    if chosen is None:
        kind, title, file = (upload.cleaned_data[name] for name in ("kind", "title", "file"))
        chosen = [
            attach(application.applicant, by=by, kind=kind, title=title, upload=file, **upload.coverage())
        ]
    for proof in chosen:
        actions.cite(application, by=by, requirement=requirement, evidence=proof)
    return len(chosen)
