"""The threads of a case for its applicant and its evaluator; officials have them in the admin."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from certification.application.models import Application
from certification.inquiry import actions
from certification.inquiry.forms import AnswerForm, AskAgainForm, AskForm, SettleForm
from certification.inquiry.models import Question
from greenchain.accounts.models import Role
from greenchain.accounts.signedin import SignedIn
from greenchain.refusals import NotYours, Refused, status_of, told_on
from suppliers.enterprise.access import may, must
from suppliers.evidence.handover import hand_over
from suppliers.evidence.models import Evidence

ACTS: dict[str, tuple[Any, Any, Any]] = {
    "answer": (gettext_lazy("Answer"), actions.answer, AnswerForm),
    "ask_again": (gettext_lazy("Ask again"), actions.ask_again, AskAgainForm),
    "settle": (gettext_lazy("Settle"), actions.settle, SettleForm),
}
"""What may be done to a thread outside the admin: label, action, form."""


@login_required
@require_safe
def questions(request: SignedIn, pk: int) -> HttpResponse:
    """What was asked about a case, what was answered, and what is still open."""
    case = case_seen(request, pk)
    if request.user.is_official:
        return redirect(f"{reverse('admin:certification_question_changelist')}?q={case.number}")
    threads = _threads(request).filter(application=case).order_by("state", "-pk")
    context = {
        "case": case,
        "threads": sorted(threads, key=lambda each: (each.state != Question.State.OPEN, each.due_on)),
        "may_answer": may(request.user, case.applicant, "edit"),
        "may_ask": _may_ask(case, request.user),
    }
    return render(request, "certification/inquiry/questions.html", context)


@login_required
def ask(request: SignedIn, pk: int) -> HttpResponse:
    """The evaluator asks."""
    case = case_seen(request, pk)
    actions.asks_for(case, request.user)
    given = {"case": case, "user": request.user}
    form = AskForm(request.POST, **given) if request.method == "POST" else AskForm(**given)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            actions.ask(by=request.user, **form.arguments())
            messages.success(request, _("The applicant is asked and gets a mail."))
            return redirect("application-questions", pk)
    return _form(request, case, form, _("Ask the applicant"))


@login_required
def act(request: SignedIn, pk: int, name: str) -> HttpResponse:
    """Answer, ask again or settle."""
    if name not in ACTS:
        raise Http404
    question = get_object_or_404(_threads(request), pk=pk)
    case = question.application
    label, action, kind = ACTS[name]
    if name == "answer":
        must(request.user, case.applicant, "edit")
    else:
        actions.asks_for(case, request.user)
    known = {"case": case, "user": request.user, "row": question}
    form = kind(request.POST, request.FILES, **known) if request.method == "POST" else kind(**known)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            action(question, by=request.user, **form.arguments())
            messages.success(request, _("%(act)s: done.") % {"act": label})
            return redirect("application-questions", case.pk)
    return _form(request, case, form, label, question)


@login_required
@require_safe
def file(request: SignedIn, pk: int, evidence: int) -> FileResponse:
    """A file of a thread, for everybody who reads the thread."""
    question = get_object_or_404(_threads(request), pk=pk)
    if evidence not in question.file_keys():
        raise Http404
    return hand_over(get_object_or_404(Evidence, pk=evidence))


def case_seen(request: SignedIn, pk: int) -> Application:
    """The case, for whoever sees it; experts stay blind to what is asked and found."""
    seen = Application.objects.visible_to(request.user).select_related(
        "applicant", "desk", "round", "scheme_version__scheme", "site", "enterprise", "product", "park"
    )
    case = get_object_or_404(seen, pk=pk)
    if request.user.role == Role.EXPERT:
        raise Http404
    return case


def _threads(request: SignedIn) -> Any:
    seen = Question.objects.visible_to(request.user).select_related(
        "evidence", "desk", "application__applicant", "application__round", "application__scheme_version"
    )
    return seen.prefetch_related("messages__by")


def _may_ask(case: Application, user: Any) -> bool:
    try:
        actions.asks_for(case, user)
    except (NotYours, Refused):
        return False
    return True


def _form(request: SignedIn, case: Application, form: Any, title: Any, question: Any = None) -> HttpResponse:
    context = {
        "case": case,
        "form": form,
        "title": title,
        "threads": [question] if question else [],
        "home": reverse("application-questions", args=[case.pk]),
    }
    return render(request, "certification/inquiry/form.html", context, status=status_of(form))
