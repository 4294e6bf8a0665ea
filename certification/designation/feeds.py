"""Atom feeds (RFC 4287): what became of one title, and of all titles that a search of the register finds."""

import datetime as dt
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from certification.designation.forms.register import RegisterForm
from certification.designation.life import entries_of
from certification.designation.models import Designation
from greenchain.languages import comma, pick

NEWEST = 50


class TitleFeed(Feed[dict[str, Any], Designation]):
    """Each public step of a title's life; the reasons stay with the holder and the authorities."""

    feed_type = Atom1Feed

    def get_object(self, _request: HttpRequest, number: str) -> Designation:
        """The title of that number, or 404."""
        return get_object_or_404(Designation, number=number)

    def title(self, title: Designation) -> str:
        """Its number and holder."""
        return f"{title.number} · {title.name}"

    def link(self, title: Designation) -> str:
        """Its page."""
        return title.get_absolute_url()

    def items(self, title: Designation) -> list[dict[str, Any]]:
        """The steps, the newest first."""
        steps = [{**entry, "title": title, "place": place} for place, entry in enumerate(entries_of(title))]
        return steps[: -NEWEST - 1 : -1]

    def item_title(self, step: dict[str, Any]) -> str:
        """Who, and what happened."""
        return f"{step['title'].name}: {step['words']}"

    def item_description(self, step: dict[str, Any]) -> str:
        """The new name, where it was given one."""
        return str(step["note"])

    def item_link(self, step: dict[str, Any]) -> str:
        """The page of the title; each step has an address of its own."""
        return f"{step['title'].get_absolute_url()}#{step['place']}"

    def item_updateddate(self, step: dict[str, Any]) -> dt.datetime:
        """When it happened."""
        return step["at"]


class RegisterFeed(Feed[Designation, RegisterForm]):
    """The titles that a search finds, those first whose status changed last; takes what the register takes."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest) -> RegisterForm:
        """The search."""
        return RegisterForm(request.GET or None)

    def title(self) -> str:
        """What it follows."""
        return _("Register of titles · GreenChain")

    def link(self) -> str:
        """The register."""
        return reverse("register")

    def items(self, form: RegisterForm) -> list[Designation]:
        """The titles."""
        return list(form.found().select_related("scheme").order_by("-status_since", "-pk")[:NEWEST])

    def item_title(self, title: Designation) -> str:
        """Holder and status."""
        return f"{title.name}: {title.get_status_display()}"

    def item_description(self, title: Designation) -> str:
        """Which title."""
        return f"{title.number} · {pick(title.scheme.names)}{comma()}{title.get_level_display()}"

    def item_link(self, title: Designation) -> str:
        """Its page; another status is another address, so that readers show it again."""
        return f"{title.get_absolute_url()}#{title.status}-{title.status_since:%Y%m%d}"

    def item_updateddate(self, title: Designation) -> dt.datetime:
        """Since when it stands so."""
        return title.status_since
