"""One verb on several cases: all of them, or none."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.urls import URLPattern
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from certification.api.moves import ApplicationMoved, moved, twice
from certification.application.models import Application
from certification.decision.actions import grant_batch
from certification.examination.actions import endorse_batch
from certification.notice.selection import select
from certification.queue.actions import hand_to, share_out
from certification.queue.loads import colleagues
from greenchain.accounts.idempotency import once
from greenchain.refusals import Refused
from greenchain.resources.schema import Schema


class BatchReader(serializers.Serializer[None]):
    """Which cases."""

    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=10**18), min_length=1, max_length=200
    )


class EndorseBatchReader(BatchReader):
    """Which cases, and the opinion that they share."""

    opinion = serializers.CharField(max_length=4000)


class GrantBatchReader(BatchReader):
    """Which cases, and reasons if any."""

    reasons = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class AssignBatchReader(BatchReader):
    """Which cases, and which auditor of the desk takes them; without one they are shared out evenly."""

    user = serializers.CharField(
        max_length=150, required=False, help_text="sign-in name of an auditor of the same desk"
    )


class BatchMoved(serializers.Serializer[None]):
    """Where each case is after the batch."""

    results = ApplicationMoved(many=True)


def _select(cases: Sequence[Application], *, by: Any, reasons: str = "") -> list[None]:
    select(cases, by=by, reasons=reasons)
    return [None] * len(cases)


def _assign(cases: Sequence[Application], *, by: Any, user: str = "") -> list[None]:
    person = colleagues(by).filter(username=user).first() if user else None
    if user and person is None:
        raise Refused(_("There is no such auditor at your desk."), code="user", field="user")
    if person is None:
        share_out(cases, by=by)
    else:
        hand_to(cases, by=by, user=person)
    return [None] * len(cases)


BATCHES: Mapping[str, tuple[type[BatchReader], Callable[..., Sequence[Any]]]] = {
    "assign": (AssignBatchReader, _assign),
    "endorse": (EndorseBatchReader, endorse_batch),
    "select": (GrantBatchReader, _select),
    "grant": (GrantBatchReader, grant_batch),
}
"""What is read, and the action, which answers one thing per case."""


class BatchSchema(Schema):
    """Describes a batch."""

    view: Any

    def get_operation_id(self) -> str:
        """``applications_endorse_batch``."""
        return f"applications_{self.view.verb}_batch"

    def get_tags(self) -> list[str]:
        """With its collection."""
        return ["applications"]

    def get_request_serializer(self) -> Any:
        """The numbers of the cases, and what is said of all of them."""
        return BATCHES[self.view.verb][0]

    def get_response_serializers(self) -> Any:
        """Each case after the move."""
        return {200: BatchMoved}

    def problems(self) -> list[int]:
        """A case that is not seen is not there."""
        return [*super().problems(), 404]


class Batch(APIView):
    """One verb on several cases: all of them, or none."""

    schema = BatchSchema()
    verb = "select"

    @once
    def post(self, request: Request) -> Response:
        """Make the move on every case."""
        read, action = BATCHES[self.verb]
        reader = read(data=request.data)
        reader.is_valid(raise_exception=True)
        given = dict(reader.validated_data)
        rows = Application.objects.visible_to(request.user)
        cases = [get_object_or_404(rows, pk=key) for key in dict.fromkeys(given.pop("ids"))]
        for case in cases:
            case.may_try(self.verb, request.user)
        made = action(cases, by=request.user, **given)
        told = [
            moved(case, self.verb, ApplicationMoved, each) for case, each in zip(cases, made, strict=True)
        ]
        return Response({"results": told})


urlpatterns: list[URLPattern] = [
    pattern for verb in BATCHES for pattern in twice(f"applications/{verb}", Batch, verb=verb)
]
