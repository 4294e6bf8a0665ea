"""A request behind ``login_required``: there is a person."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from greenchain.accounts.models import User


class SignedIn(HttpRequest):
    """The type of such a request; nothing is ever made of it."""

    user: User
    htmx: HtmxDetails
