"""Pages behind a secret address: of an objection, a complaint, an invitation, a title that is followed."""

from django.http import HttpResponse


def unseen(response: HttpResponse) -> HttpResponse:
    """The address is a secret: no other site and no search engine learns it."""
    # With no-referrer a browser sends the page's own form from the origin "null", which the CSRF check refuses.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
