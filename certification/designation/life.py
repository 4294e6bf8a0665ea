"""What the public page tells of a title: its holder, its basis, its life; nothing of the case behind it."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.designation.models import Basis, Designation
from certification.scheme.subject import owner_of
from greenchain.audit.trail import history
from greenchain.languages import pick
from suppliers.place.models import Authority

TOLD = {
    "issue": gettext_lazy("issued"),
    "suspend": gettext_lazy("suspended"),
    "reinstate": gettext_lazy("reinstated"),
    "revoke": gettext_lazy("revoked"),
    "end": gettext_lazy("ended without fault"),
    "restore_title": gettext_lazy("restored: the change was undone"),
    "surrender": gettext_lazy("surrendered"),
    "expire": gettext_lazy("expired"),
    "supersede": gettext_lazy("superseded by a renewal"),
    "amend": gettext_lazy("renamed"),
    "overturn": gettext_lazy("restored on appeal"),
    "link": gettext_lazy("linked to an enterprise"),
    "unlink": gettext_lazy("link to an enterprise undone"),
}
CLASSES = ((90, "90–100"), (80, "80–90"), (70, "70–80"), (60, "60–70"), (0, "0–60"))
"""A public page shows the class of the score, not the score."""


def holder_of(title: Designation) -> dict[str, Any] | None:
    """The enterprise's identifier and the site's address."""
    if title.subject is None:
        return None
    site = title.site
    return {
        "identifier": owner_of(title.subject).identifier,
        "address": site.address if site else "",
        "address_en": site.address_en if site else "",
    }


def basis_of(title: Designation) -> dict[str, Any]:
    """Self-evaluated or third party, examined by whom, in which class of score."""
    detail = title.basis_detail
    desks = Authority.objects.in_bulk(detail.get("endorsed_by", []), field_name="code")
    return {
        "kind": "imported" if title.basis == Basis.LIST else title.basis,
        "evaluator": detail.get("evaluated_by") or "",
        "checked_by": [desks[code].name for code in detail.get("endorsed_by", []) if code in desks],
        "score_class": _of_100(score_class(detail.get("score"))),
        "digest": detail.get("dossier_digest") or "",
        "source": title.provenance,
    }


def waivers_of(title: Designation) -> list[dict[str, Any]]:
    """Findings that were set aside when the title was given, as frozen then: what, why, until when, by whom."""
    rows = title.basis_detail.get("waivers", [])
    desks = Authority.objects.in_bulk([row["authority"] for row in rows], field_name="code") if rows else {}
    return [
        {
            "title": pick(row["title"]),
            "reasons": row["reasons"],
            "until": dt.date.fromisoformat(row["until_on"]),
            "authority": desks[row["authority"]].name if row["authority"] in desks else "",
        }
        for row in rows
    ]


def score_class(score: str | None) -> str:
    """The class that a score of 100 falls into; "" where there is none."""
    if score is None:
        return ""
    return next(words for floor, words in CLASSES if float(score) >= floor)


def _of_100(words: str) -> str:
    return _("%(class)s of 100") % {"class": words} if words else ""


def announced_in(title: Designation) -> dict[str, Any] | None:
    """The announcement that first listed the title."""
    entry = title.announced_in.select_related("announcement__authority").order_by("pk").first()
    if entry is None:
        return None
    row = entry.announcement
    return {"title": row.titled(), "on": row.announced_on, "url": row.get_absolute_url()}


def formerly(title: Designation) -> list[str]:
    """The names under which the title was announced or its holder was known, the newest first."""
    borne = [entry.data.get("before") for entry in history(title).filter(verb="amend").order_by("-seq")]
    if title.subject is not None:
        former = owner_of(title.subject).former_names.order_by("-until_on", "-pk")
        borne += former.values_list("name", flat=True)
    return [name for name in dict.fromkeys(borne) if name and name != title.name]


def entries_of(title: Designation) -> list[dict[str, Any]]:
    """The public steps of the title's life; reasons stay with the holder and the authorities."""
    return [
        {
            "at": entry.at,
            "words": TOLD[entry.verb],
            "note": entry.data.get("name", "") if entry.verb == "amend" else "",
        }
        for entry in history(title)
        if entry.verb in TOLD
    ]
