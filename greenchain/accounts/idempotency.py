"""The same Idempotency-Key replays the first answer: a program that lost the answer may simply ask again.

The key's row and what the request changed are committed together, so either both are there or neither;
a second request that comes meanwhile waits for the first one's commit.
"""

import datetime as dt
import functools
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from greenchain.accounts.models import Repeat
from greenchain.clock import now
from greenchain.refusals import Refused

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEPT = dt.timedelta(days=7)
KEY = re.compile(r"[\x21-\x7e]{1,100}")

Handler = Callable[..., Response]


def once(handler: Handler) -> Handler:
    """Carry out a POST once per person and key; later ones with the same body get the first answer."""

    @functools.wraps(handler)
    def answer(view: APIView, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None or not request.user.is_authenticated:
            return handler(view, request, *args, **kwargs)
        if not KEY.fullmatch(key):
            raise ValidationError({HEADER: [_("1 to 100 visible ASCII characters.")]})
        with transaction.atomic():
            row, fresh = _claim(request.user, key, _mark(request))
            if not fresh:
                return _replay(row)
            response = _carried_out(handler, view, request, *args, **kwargs)
            _keep(row, response)
        return response

    return answer


def _claim(user: Any, key: str, mark: str) -> tuple[Repeat, bool]:
    """The key's row, and whether this request is the first with it; Refused when it meant something else."""
    Repeat.objects.filter(user=user, at__lt=now() - KEPT).delete()
    try:
        with transaction.atomic():
            return Repeat.objects.create(user=user, key=key, request_digest=mark), True
    except IntegrityError:
        row = Repeat.objects.get(user=user, key=key)
    if row.request_digest != mark:
        message = _("This Idempotency-Key was sent with another request. Take a new key.")
        raise Refused(message, code="idempotency_key_reused")
    return row, False


def _carried_out(handler: Handler, view: APIView, request: Request, *args: Any, **kwargs: Any) -> Response:
    """The answer, a refusal included; what a refused request began is undone. Bugs crash loudly."""
    try:
        with transaction.atomic():
            return handler(view, request, *args, **kwargs)
    except Exception as error:  # noqa: BLE001 - raised again by the view unless it is an answer
        return view.handle_exception(error)


def _keep(row: Repeat, response: Response) -> None:
    row.status = response.status_code
    row.body = JSONRenderer().render(response.data).decode()
    row.content_type = response.content_type or ""
    row.save(update_fields=["status", "body", "content_type"])


def _replay(row: Repeat) -> Response:
    body = json.loads(row.body) if row.body else None
    return Response(
        body, status=row.status, content_type=row.content_type or None, headers={REPLAYED: "true"}
    )


def _mark(request: Request) -> str:
    """SHA-256 over the method, the address and what was sent, files included."""
    seal = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    for part in _parts(request.data):
        seal.update(part)
    return seal.hexdigest()


def _parts(data: Any) -> Iterator[bytes]:
    if not isinstance(data, Mapping):
        yield json.dumps(data, sort_keys=True).encode()
        return
    lists = dict(data.lists()) if hasattr(data, "lists") else {key: [value] for key, value in data.items()}
    for key in sorted(lists):
        for value in lists[key]:
            yield json.dumps(key).encode()
            if isinstance(value, UploadedFile):
                yield from value.chunks()
                value.seek(0)
            else:
                yield json.dumps(value, sort_keys=True).encode()
