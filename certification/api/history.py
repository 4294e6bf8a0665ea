"""A case's record: whole for officials; to the applicant what, when and why, without internal notes."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from greenchain.audit.models import AuditEntry

TO_THE_APPLICANT: Mapping[str, tuple[str, ...]] = {
    "start": ("number", "round"),
    "fill_in": ("form",),
    "cite": ("requirement", "evidence"),
    "uncite": ("requirement", "evidence"),
    "submit": ("signed_by", "dossier", "dossier_digest"),
    "check": ("run",),
    "recheck": ("run", "trigger"),
    "send_back": ("codes", "named", "note", "due_on", "desk"),
    "ask": ("question", "topic", "evidence", "text", "due_on"),
    "ask_again": ("question", "text", "due_on"),
    "answer": ("question", "text", "files"),
    "settle_question": ("question",),
    "plan_visit": ("visit", "starts_on", "ends_on", "place", "purpose", "team"),
    "move_visit": ("visit", "starts_on", "ends_on", "place", "reasons"),
    "cancel_visit": ("visit", "reasons"),
    "finish_visit": ("visit", "digest"),
    "raise_nonconformity": ("nonconformity", "severity", "topic", "description", "due_on"),
    "respond": ("nonconformity", "root_cause", "correction", "files"),
    "accept_correction": ("nonconformity", "reasons"),
    "reject_correction": ("nonconformity", "reasons", "due_on"),
    "drop_nonconformity": ("nonconformity", "reasons"),
    "extend": ("due_on",),
    "correct": ("code", "field", "before", "after", "reasons"),
    "endorse": ("desk",),
    "reject": ("reasons", "desk"),
    "select": (),
    "pass_over": ("rank", "of"),
    "relay": ("objection", "substance", "comment_by"),
    "comment": ("objection", "text"),
    "dismiss": (),
    "uphold": (),
    "grant": ("reasons",),
    "refuse": ("reasons",),
    "withdraw": ("reasons",),
    "escalate": ("desk",),
    "appeal": ("reasons",),
    "confirm": ("reasons",),
    "overturn": ("reasons",),
    "suspend": ("reasons", "until_on"),
    "propose": ("cause", "reasons", "reply_by"),
    "reply": ("text",),
    "reinstate": (),
    "revoke": ("cause", "reasons"),
    "surrender": ("reasons",),
    "amend": ("before", "name", "reasons"),
    "link": ("kind", "subject"),
    "unlink": ("kind", "subject", "reasons"),
}
"""What of each verb an applicant or holder reads; of other verbs that they happened, and when."""

INTERNAL = frozenset({"hear", "settle", "recommend", "seal", "find_on_site", "sign_visit", "fall_back"})
"""What applicants and holders are not even told to have happened: it stays among the authorities."""


class EntryTeller(serializers.Serializer[Any]):
    """One thing that happened."""

    seq = serializers.IntegerField()
    verb = serializers.CharField()
    at = serializers.DateTimeField()
    role = serializers.SerializerMethodField()
    authority = serializers.SerializerMethodField()
    name = serializers.SerializerMethodField()
    before = serializers.SerializerMethodField(help_text="the status before")
    after = serializers.SerializerMethodField(help_text="the status after")
    data = serializers.SerializerMethodField()  # type: ignore[assignment]

    def get_role(self, entry: AuditEntry) -> str:
        """In what part."""
        return str(entry.content.get("role") or "")

    def get_authority(self, entry: AuditEntry) -> str | None:
        """Of which authority."""
        return entry.content.get("authority")

    def get_name(self, entry: AuditEntry) -> str:
        """Who: officials' and experts' names are not told to applicants."""
        told = self.context["official"] or entry.content.get("role") == "enterprise"
        return str(entry.content.get("name") or "") if told else ""

    def get_before(self, entry: AuditEntry) -> str:
        """As a word."""
        return str(entry.data.get("from") or "")

    def get_after(self, entry: AuditEntry) -> str:
        """As a word."""
        return str(entry.data.get("to") or "")

    @extend_schema_field({"type": "object", "additionalProperties": {}})
    def get_data(self, entry: AuditEntry) -> dict[str, Any]:
        """What was said with it."""
        said = {key: value for key, value in entry.data.items() if key not in {"from", "to"}}
        if self.context["official"]:
            return said
        return {key: said[key] for key in TO_THE_APPLICANT.get(entry.verb, ()) if key in said}
