"""Typesetting: the front matter as PDF, and an empty page with header and frame for each page of the annexes.

The front matter is set twice: how long it is decides on which page each annex begins.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from certification.designation.certificate import compiler
from certification.printing.annexes import Annex, Starts, places, starts_after
from certification.printing.front import Front
from certification.printing.merging import page_count

FRONT, FRAMES = Path(__file__).with_name("package.typ"), Path(__file__).with_name("frames.typ")
HEAD = ("language", "number", "digest", "date")


def set_front(front: Front, annexes: Sequence[Annex] = ()) -> tuple[bytes, Starts]:
    """The front matter as PDF, and where the annexes behind it begin."""
    told = asdict(front)
    length, starts, made = 0, starts_after(0, annexes), b""
    for _again in range(3):  # the second time is right, unless the page numbers themselves break a line
        made = _set(FRONT, told | places(annexes, starts))
        if (now := page_count(made)) == length:
            break
        length, starts = now, starts_after(now, annexes)
    return made, starts


def set_frames(front: Front, annexes: Sequence[Annex], starts: Starts) -> bytes:
    """An empty page for each page of the annexes: header, frame, and its number."""
    rows = [
        [str(annex), f"{place} / {annex.pages}", starts.pages[annex.number] + place - 1]
        for annex in annexes
        for place in range(1, annex.pages + 1)
    ]
    head = {name: getattr(front, name) for name in HEAD}
    return _set(FRAMES, head | {"rows": rows, "total": starts.total}) if rows else b""


def _set(template: Path, told: Mapping[str, Any]) -> bytes:
    inputs = {"told": json.dumps(_plain(told), ensure_ascii=False)}
    return bytes(compiler(template.parent).compile(input=str(template), format="pdf", sys_inputs=inputs))


def _plain(value: Any) -> Any:
    """The same, without signs that cannot be set."""
    match value:
        case str():
            return "".join(sign for sign in value if sign in "\n\t" or sign.isprintable())
        case list() | tuple():
            return [_plain(each) for each in value]
        case dict():
            return {key: _plain(each) for key, each in value.items()}
        case _:
            return value
