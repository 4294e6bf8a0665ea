"""Which buyer a page is about, and what every page of supplier management shows of it."""

from typing import Any

from django.shortcuts import get_object_or_404

from certification.chain import reach
from certification.sourcing.models import Programme
from certification.sourcing.rules import RULEBOOKS, current
from greenchain.accounts.signedin import SignedIn
from suppliers.enterprise.access import may
from suppliers.enterprise.models import Enterprise


def buyer_seen(request: SignedIn, pk: int) -> Enterprise:
    """A buyer whose spends and grades the person reads; anybody else's is not there."""
    return get_object_or_404(reach.followed(request.user).select_related("region"), pk=pk)


def frame(request: SignedIn, buyer: Enterprise, **more: Any) -> dict[str, Any]:
    """What the pages have in common: the buyer, its programme with the rules that it was graded by, the reader."""
    programme = Programme.objects.filter(buyer=buyer).first()
    return {
        "buyer": buyer,
        "programme": programme,
        "book": RULEBOOKS.get(programme.version if programme else "") or current(),
        "may_edit": may(request.user, buyer, "edit"),
        "official": request.user.is_official,
        **more,
    }
