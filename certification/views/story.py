"""The record of a case as its applicant may read it: what happened, when, by whom; no internal note."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from certification.admin.words import done
from certification.api.history import INTERNAL, TO_THE_APPLICANT
from greenchain.accounts.models import Role
from greenchain.audit.models import AuditEntry
from greenchain.languages import comma
from suppliers.models import Authority

QUIET = frozenset(
    {"fill_in", "cite", "uncite", "recheck", "score", "declare", "contest", "find_on_site", "sign_visit"}
)
"""What is not told: typing, repeated runs, and what experts and objectors do."""

SAID = ("note", "reasons", "substance", "text", "description", "correction")
"""What is said in words, where the verb's words are meant for the applicant at all."""


def story(entries: Sequence[AuditEntry], known: Iterable[Authority] = ()) -> list[dict[str, Any]]:
    """Rows of the timeline, newest first; of the ``known`` authorities the names need not be read."""
    told = [entry for entry in reversed(entries) if entry.verb not in QUIET | INTERNAL]
    contents = [entry.content for entry in told]
    names = _authorities((content.get("authority") for content in contents), known)
    return [
        {
            "at": entry.at,
            "words": done(entry.verb),
            "by": _who(content, names),
            "note": _note(entry.verb, content["data"]),
        }
        for entry, content in zip(told, contents, strict=True)
    ]


def _authorities(codes: Iterable[str | None], known: Iterable[Authority]) -> dict[str, str]:
    names = {row.code: row.name for row in known}
    wanted = {code for code in codes if code} - names.keys()
    others = Authority.objects.filter(code__in=wanted) if wanted else ()
    return names | {row.code: row.name for row in others}


def _who(content: dict[str, Any], names: dict[str, str]) -> str:
    role = content.get("role")
    if role == Role.ENTERPRISE:
        return str(content.get("name") or "")
    if role in Role.values:
        label = str(Role(role).label)
        desk = names.get(content.get("authority") or "")
        return f"{desk}{comma()}{label}" if desk else label
    return _("the platform")


def _note(verb: str, data: dict[str, Any]) -> str:
    open_to_them = TO_THE_APPLICANT.get(verb, ())
    words = next((str(data[key]) for key in SAID if key in open_to_them and data.get(key)), "")
    if verb == "correct":
        changed = _("%(code)s changed from %(before)s to %(after)s") % {
            "code": data.get("code", ""),
            "before": data.get("before") or "–",
            "after": data.get("after", ""),
        }
        return f"{changed}: {words}"
    return words
