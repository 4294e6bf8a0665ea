"""A program that speaks to the API: JSON in and out, a person's key, and what the answer must look like."""

from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from greenchain.accounts.keys import create_key
from greenchain.accounts.models import User

ROOT = "/api/v1/"


@dataclass
class Answer:
    """What came back."""

    status: int
    body: Any
    headers: dict[str, str]

    @property
    def code(self) -> str:
        """The problem's code."""
        assert self.headers["Content-Type"] == "application/problem+json"
        return str(self.body["code"])


@dataclass
class Caller:
    """One person's program; without a person it calls as the public."""

    key: str = ""
    client: Client = field(default_factory=lambda: Client(raise_request_exception=True))

    @classmethod
    def of(cls, user: User | None) -> "Caller":
        """With a fresh key of the person's."""
        return cls(create_key(user) if user else "")

    def get(self, address: str, **query: Any) -> Answer:
        """Read."""
        return self._call("get", address, query)

    def post(self, address: str, body: Any = None, **headers: str) -> Answer:
        """Send JSON; a mapping that holds a file goes as a form."""
        return self._send("post", address, body, headers)

    def patch(self, address: str, body: Any = None) -> Answer:
        """Change."""
        return self._send("patch", address, body, {})

    def delete(self, address: str) -> Answer:
        """Take away."""
        return self._send("delete", address, None, {})

    def _send(self, method: str, address: str, body: Any, headers: dict[str, str]) -> Answer:
        files = isinstance(body, dict) and any(
            isinstance(value, SimpleUploadedFile) for value in body.values()
        )
        media = {} if files else {"content_type": "application/json"}
        return self._call(
            method, address, body if body is not None else ({} if files else None), headers=headers, **media
        )

    def _call(
        self, method: str, address: str, data: Any, *, headers: dict[str, str] | None = None, **media: Any
    ) -> Answer:
        sent = {**(headers or {}), **({"Authorization": f"Bearer {self.key}"} if self.key else {})}
        answer = getattr(self.client, method)(ROOT + address, data, headers=sent, **media)
        shown = answer.headers.get("Content-Type", "")
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        body = answer.json() if "json" in shown and content else content
        return Answer(answer.status_code, body, dict(answer.headers))
