"""A title in its holder's hands: the annual form, proposals to answer, and the holder's moves."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from certification.decision.models import Appeal
from certification.designation.models import Designation
from certification.scheme.subject import owner_of
from certification.surveillance import actions
from certification.surveillance.forms import ReplyForm
from certification.surveillance.formviews import url_of
from certification.surveillance.models import Proposal
from certification.workflow import Status
from greenchain.accounts.signedin import SignedIn
from greenchain.refusals import status_of, told_on
from suppliers.enterprise.access import may, must
from suppliers.enterprise.models import Membership, key_of

WITH = ("scheme", "authority", "site__enterprise", "enterprise", "product__enterprise", "park__manager")


@login_required
@require_safe
def holding(request: SignedIn, number: str) -> HttpResponse:
    """A title as its holder sees it: what is owed, what is proposed, what may be done."""
    title = held(request, number)
    context = {
        "title": title,
        "obligations": [(row, url_of(row)) for row in title.obligations.order_by("-year", "kind", "pk")],
        "proposals": title.proposals.order_by("-at"),
        "appeals": Appeal.objects.filter(designation=title).order_by("-at"),
        "letters": title.letters.filter(outside=False).order_by("-pk"),
        "offers": title.offers(request.user),
        "applying": f"{reverse('application-new')}?subject={_word(title.subject)}",
        "may_edit": may(request.user, owner_of(title.subject), "edit"),
        "stands": title.status in {Status.CURRENT, Status.SUSPENDED},
    }
    return render(request, "certification/surveillance/holding.html", context)


def _word(subject: Any) -> str:
    """The subject as the form of a new application names it."""
    return f"{key_of(subject)}:{subject.pk}"


@login_required
def reply(request: SignedIn, pk: int) -> HttpResponse:
    """Answer a proposal."""
    found = Proposal.objects.visible_to(request.user).select_related(
        *(f"designation__{each}" for each in WITH)
    )
    proposal = get_object_or_404(found, pk=pk)
    must(request.user, owner_of(proposal.designation.subject), "edit")
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            actions.reply(proposal, by=request.user, text=form.cleaned_data["text"])
            messages.success(request, _("Your answer is on record."))
            return redirect("holding", proposal.designation.number)
    context = {"form": form, "proposal": proposal, "title": proposal.designation}
    return render(request, "certification/surveillance/reply.html", context, status=status_of(form))


def held(request: SignedIn, number: str) -> Designation:
    """The title, if this person acts for its holder."""
    mine = Membership.objects.current().filter(user=request.user).values("enterprise")
    return get_object_or_404(Designation.objects.held_by(mine).select_related(*WITH), number=number)
