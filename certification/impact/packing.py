"""Figures of many titles as bytes and back: plain arrays in a zip, no code, the same bytes for the same figures."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib import format as npy

from certification.assessment.scoring import inputs_of
from certification.scheme.formula.columns import Columns, Floats, Ragged, Whole, Words
from certification.scheme.formula.outcome import Inputs
from greenchain.audit.canonical import canonical, plain

STAMP = (1980, 1, 1, 0, 0, 0)
ABOUT = "about.json"


@dataclass(frozen=True, kw_only=True)
class Frozen:
    """Some titles' figures as they were: by title its key, region code, industry code, level and output in CNY."""

    columns: Columns
    title: Whole
    region: tuple[str, ...]
    industry: tuple[str, ...]
    level: Whole
    output: Whole


def pack(frozen: Frozen) -> bytes:
    """The figures as bytes."""
    arrays: dict[str, np.ndarray[Any, Any]] = {
        "title": frozen.title,
        "level": frozen.level,
        "output": frozen.output,
        **_codes("region", frozen.region),
        **_codes("industry", frozen.industry),
    }
    columns = frozen.columns
    if columns.values:
        arrays["values"] = np.stack(list(columns.values.values()))
    known: dict[str, Any] = {"region": _known(frozen.region), "industry": _known(frozen.industry)}
    for key, table in columns.tables.items():
        arrays |= {f"{key}/start": table.start, f"{key}/reported": table.reported}
        arrays |= {f"{key}/number/{name}": column for name, column in table.numbers.items()}
        arrays |= {f"{key}/flag/{name}": column for name, column in table.flags.items()}
        arrays |= {f"{key}/word/{name}": column.codes for name, column in table.words.items()}
        known |= {f"{key}/word/{name}": list(column.known) for name, column in table.words.items()}
    beyond = {
        str(place): {"values": plain(dict(found.values)), "tables": plain(dict(found.tables))}
        for place, found in columns.beyond.items()
    }
    about = {
        "metrics": list(columns.values),
        "tables": list(columns.tables),
        "known": known,
        "beyond": beyond,
    }
    return _zipped(arrays, canonical({**about, "count": columns.count}).encode())


def unpack(data: bytes) -> Frozen:
    """The figures that ``pack`` made bytes of."""
    with zipfile.ZipFile(io.BytesIO(data)) as folder:
        about = json.loads(folder.read(ABOUT))
        arrays = {name: _array(folder.read(name)) for name in folder.namelist() if name != ABOUT}
    known = about["known"]
    columns = Columns(
        count=about["count"],
        values=dict(zip(about["metrics"], arrays.get("values", ()), strict=True)),
        tables={key: _table(key, arrays, known) for key in about["tables"]},
        beyond={int(place): _inputs(found) for place, found in about["beyond"].items()},
    )
    return Frozen(
        columns=columns,
        title=arrays["title"],
        region=_words(arrays["region"], known["region"]),
        industry=_words(arrays["industry"], known["industry"]),
        level=arrays["level"],
        output=arrays["output"],
    )


def _codes(name: str, words: tuple[str, ...]) -> dict[str, np.ndarray[Any, Any]]:
    place = {word: number for number, word in enumerate(_known(words))}
    return {name: np.array([place[word] for word in words], dtype=np.int64)}


def _known(words: tuple[str, ...]) -> list[str]:
    return sorted(set(words))


def _words(codes: Whole, known: list[str]) -> tuple[str, ...]:
    return tuple(known[code] for code in codes.tolist())


def _zipped(arrays: Mapping[str, np.ndarray[Any, Any]], about: bytes) -> bytes:
    """Stored, not squeezed: reading is what happens often. A fixed date, so that equal figures are equal bytes."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as folder:
        folder.writestr(zipfile.ZipInfo(ABOUT, STAMP), about)
        for name, array in arrays.items():
            one = io.BytesIO()
            npy.write_array(one, np.ascontiguousarray(array), allow_pickle=False)
            folder.writestr(zipfile.ZipInfo(name, STAMP), one.getvalue())
    return into.getvalue()


def _array(data: bytes) -> Any:
    return npy.read_array(io.BytesIO(data), allow_pickle=False)


def _table(key: str, arrays: Mapping[str, Any], known: Mapping[str, list[str]]) -> Ragged:
    def of(kind: str) -> Iterator[tuple[str, Floats]]:
        start = f"{key}/{kind}/"
        return ((name.removeprefix(start), found) for name, found in arrays.items() if name.startswith(start))

    return Ragged(
        start=arrays[f"{key}/start"],
        reported=arrays[f"{key}/reported"],
        numbers=dict(of("number")),
        flags={name: found.astype(np.bool_) for name, found in of("flag")},
        words={
            name: Words(found.astype(np.int64), tuple(known[f"{key}/word/{name}"]))
            for name, found in of("word")
        },
    )


def _inputs(found: Mapping[str, Any]) -> Inputs:
    """Figures that floats do not hold, from their decimals as text."""
    return inputs_of(found["values"], found["tables"])
