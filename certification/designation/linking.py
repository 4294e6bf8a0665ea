"""Link titles of published lists with whom they belong to, and undo it: the only writers of a title's subject.

A linked title lies where its subject lies, and counts there from its announcement on, as any other. Rules of ours: a
title of a site is linked with a site, never with an enterprise that has none here: a list does not say where a factory
stands, what it makes and whether it is above scale, and no output can be counted of it. What was built on a link since
(a form filed, an application for renewal) keeps it from being undone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from certification.designation.guards import STANDING, last_link
from certification.designation.models import Designation
from certification.designation.suggesting import Suggestion, suggest
from certification.scheme.subject import KEYS, key_of, owner_of, region_of
from greenchain.accounts.models import Role
from greenchain.refusals import NotYours, Refused
from suppliers.enterprise.models import Enterprise, Park, Product, Site
from suppliers.place.models import Authority, desk_of

MOST = 200
"""Titles linked in one go: what a person can read."""
CHUNK = 500
KINDS: dict[str, Any] = {"site": Site, "enterprise": Enterprise, "product": Product, "park": Park}


@transaction.atomic
def link(title: Designation, *, by: Any, subject: Any, how: str = "") -> Designation:
    """The title belongs to ``subject`` from its announcement on. ``how``: what spoke for it, as the matcher says."""
    before = {"region": title.region_id, "home": title.home.code if title.home else None}
    told = {"kind": key_of(subject), "subject": subject.pk, "enterprise": owner_of(subject).pk, "how": how}
    title.advance("link", by=by, before=before, **told)
    _must_fit(title, subject, by)
    setattr(title, key_of(subject), subject)
    title.region = region_of(subject)
    title.home = desk_of(title.region)
    title.save(update_fields=[key_of(subject), "region", "home"])
    return title


def _must_fit(title: Designation, subject: Any, by: Any) -> None:
    """Of the scheme's kind, seen by the person, and without such a title."""
    if key_of(subject) != title.scheme.subject:
        words = _("A title of “%(scheme)s” belongs to a %(kind)s.")
        told = {"scheme": title.scheme, "kind": title.scheme.get_subject_display()}
        raise Refused(words % told, code="subject", field="subject")
    type(subject).objects.select_for_update(of=("self",)).get(pk=subject.pk)
    if not type(subject).objects.visible_to(by).filter(pk=subject.pk).exists():
        raise Refused(_("There is no such subject in your territory."), code="subject", field="subject")
    held = Designation.objects.filter(STANDING, scheme=title.scheme, level=title.level)
    if held.filter(**{key_of(subject): subject}).exclude(pk=title.pk).exists():
        raise Refused(
            _("This subject already holds a title of this scheme and level."),
            code="one_current",
            field="subject",
        )


@transaction.atomic
def unlink(title: Designation, *, by: Any, reasons: str) -> Designation:
    """The link was wrong: the title belongs to nobody known, and lies where the list says."""
    entry = last_link(title)
    told = {key: entry.data[key] for key in ("kind", "subject", "enterprise")} if entry else {}
    title.advance("unlink", by=by, reasons=reasons, **told)
    assert entry is not None  # noqa: S101 - else the move is refused
    before = entry.data["before"]
    for key in KEYS:
        setattr(title, key, None)
    title.region_id = before["region"]
    title.home = Authority.objects.filter(code=before["home"]).first()
    title.save(update_fields=[*KEYS, "region", "home"])
    return title


@dataclass(frozen=True, slots=True)
class Batch:
    """What a batch would link, or did: titles with the candidate of each, and those the rules refused, with why."""

    linked: list[Suggestion]
    refused: list[tuple[Designation, str]]


def sure_ones(user: Any, *, most: int = MOST) -> list[Suggestion]:
    """The titles in the person's territory of which there is no doubt, the first ``most``."""
    titles = Designation.objects.to_link_by(user).select_related("scheme", "home", "region").order_by("pk")
    found: list[Suggestion] = []
    last = 0
    while len(found) < most and (part := list(titles.filter(pk__gt=last)[:CHUNK])):
        found += [one for one in suggest(part, user, similar=False) if one.sure]
        last = part[-1].pk
    return found[:most]


def link_sure(numbers: Sequence[str], *, by: Any, dry_run: bool = False) -> Batch:
    """Each of the named titles that is sure today is linked, each by itself; the others are told with why not.

    A dry run tells the same, as far as it can be known before, and links nothing.
    """
    if not by.is_official or by.role not in {Role.AUDITOR, Role.APPROVER}:
        raise NotYours(_("Auditors and approvers link titles of their territory."), code="role")
    if not 1 <= len(set(numbers)) <= MOST:
        raise Refused(
            _("Between 1 and %(most)d titles in one go.") % {"most": MOST}, code="numbers", field="numbers"
        )
    titles = (
        Designation.objects.to_link_by(by)
        .filter(number__in=numbers)
        .select_related("scheme", "home", "region")
    )
    done = Batch([], [])
    for suggestion in suggest(list(titles.order_by("pk")), by, similar=False):
        candidate = suggestion.sure
        if candidate is None:
            done.refused.append((suggestion.title, _("It is no longer beyond doubt.")))
            continue
        try:
            if not dry_run:
                link(suggestion.title, by=by, subject=candidate.subject, how=candidate.how)
        except NotYours:
            raise
        except Refused as no:
            done.refused.append((suggestion.title, str(no)))
        else:
            done.linked.append(suggestion)
    return done
