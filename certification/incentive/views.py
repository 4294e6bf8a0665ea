"""The public list of incentives that are in effect."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from certification.incentive.forms import FindForm
from certification.incentive.models import Incentive

PER_PAGE = 50


@require_safe
def incentives(request: HttpRequest) -> HttpResponse:
    """What holds today, by place, the nation first."""
    form = FindForm(request.GET or None)
    rows = form.found(Incentive.objects.holding()).select_related("authority", "scheme")
    page = Paginator(rows.order_by("authority__path", "scheme", "pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "certification/incentive/incentives.html", {"form": form, "page": page})
