"""A refusal: the rules say no, in words fit to show to the person who asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """The rules do not allow this now. ``code`` is stable, ``field`` names the input to mend, if one does."""

    status = 409

    def __init__(self, message: Any, *, code: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class NotYours(Refused):
    """You may see this, but the move belongs to somebody else."""

    status = 403


@contextmanager
def told_on(form: Any) -> Iterator[None]:
    """What the rules refuse in the block is told on the form, beside the field it names, and nothing typed is lost.

    Whose move it is not is still raised, and so is what has been done already: no form mends that.
    """
    try:
        yield
    except NotYours:
        raise
    except Refused as no:
        if no.code == "already_done" and no.field is None:
            raise
        form.add_error(no.field if no.field in form.fields else None, str(no))
        form.refused = True


def status_of(form: Any) -> int:
    """200 for a fresh form, 422 for bad input, 409 for a refusal that ``told_on`` told."""
    if not form.errors:
        return 200
    return 409 if getattr(form, "refused", False) else 422
