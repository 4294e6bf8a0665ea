"""What the holder of a title, or a body, was asked about complaints. Who complains is never told."""

from typing import Any

from django import template

from certification.body.models import Body
from certification.complaint.models import Complaint

register = template.Library()


@register.inclusion_tag("certification/complaint/asked.html", takes_context=True)
def complaints_about(context: dict[str, Any], about: Any) -> dict[str, Any]:
    """Those that the reader was told of, the newest first."""
    name = "body" if isinstance(about, Body) else "designation"
    told = Complaint.objects.told_to(context["request"].user).filter(**{name: about})
    return {"complaints": told.order_by("-told_at", "-pk")}
