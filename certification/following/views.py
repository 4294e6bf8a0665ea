"""Follow a public title by mail: the form, the page that confirms, the page that stops."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from certification.designation.models import Designation
from certification.following import actions
from certification.following.forms import FollowForm
from certification.following.models import Follow
from greenchain.addresses import unseen
from greenchain.refusals import status_of, told_on
from greenchain.resources.patience import Patience, must_be_patient


@require_http_methods(["GET", "HEAD", "POST"])
def follow_title(request: HttpRequest, number: str) -> HttpResponse:
    """Anybody gives an address; the answer is the same whether it follows already or not."""
    title = get_object_or_404(Designation.objects.visible_to(request.user), number=number)
    form = FollowForm(request.POST or None, initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            must_be_patient(request, Patience)
            actions.ask(title, **form.cleaned_data)
            messages.success(
                request,
                _(
                    "If this address does not follow the title yet, a mail is on its way to it: "
                    "mails come once the link in it is confirmed, within two days."
                ),
            )
            return redirect(title)
    context = {"form": form, "title": title}
    return render(request, "certification/following/ask.html", context, status=status_of(form))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, secret: str) -> HttpResponse:
    """The page that the mail leads to. A press of a button confirms: opening alone does nothing."""
    row = Follow.objects.asked().by_secret(secret).select_related("designation").first()
    if row is None:
        return unseen(render(request, "certification/following/gone.html", status=404))
    if request.method == "POST":
        actions.confirm(row)
        messages.success(request, _("You follow this title by mail from now on."))
        return redirect(row.designation)
    return unseen(render(request, "certification/following/confirm.html", {"title": row.designation}))


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow_stop(request: HttpRequest, key: str) -> HttpResponse:
    """Reading the link asks, one click does it (RFC 8058); who stopped before reads that it is done."""
    pk = actions.meant_by(key)
    if pk is None:
        return unseen(render(request, "certification/following/gone.html", status=404))
    row = Follow.objects.filter(pk=pk).select_related("designation").first()
    if row is not None and request.method == "POST":
        actions.forget(row)
    context = {"title": row.designation if row else None, "done": row is None or request.method == "POST"}
    return unseen(render(request, "certification/following/stop.html", context))
