"""TOML files whose values know their line, so that every fault of a data file is told with its place.

Faults are collected, not raised one by one: a reader asks a `Table` for values of a kind, gets a harmless
stand-in where the value is wrong, and `Document.finish` raises all that was found.
"""

import datetime as dt
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from greenchain.languages import LANGUAGES

Key = str | int
Texts = Mapping[str, str]


class Fault(NamedTuple):
    """One thing wrong with a file."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.message}"


class FaultyFileError(ValueError):
    """A data file that cannot be used; says everything that is wrong with it."""

    def __init__(self, faults: Collection[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line))
        super().__init__("\n".join(map(str, self.faults)))


@dataclass
class Document:
    """A parsed file, its lines and the faults found so far."""

    path: str
    source: str
    error: type[FaultyFileError] = FaultyFileError
    faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        try:
            data = tomllib.loads(self.source, parse_float=Decimal)
        except tomllib.TOMLDecodeError as problem:
            line = _line_in(str(problem)) or self.source.count("\n") + 1
            raise self.error([Fault(self.path, line, f"not TOML: {problem}")]) from problem
        self._spans = dict(_spans(self.source.splitlines()))
        self.root = Table(self, (), data)

    def report(self, where: tuple[Key, ...], message: str, needle: str = "") -> None:
        """Note a fault at a value; ``needle`` finds the line inside a value that spans several."""
        self.faults.append(Fault(self.path, self.line(where, needle), message))

    def line(self, where: tuple[Key, ...], needle: str = "") -> int:
        """The line on which a value starts, else that of what holds it."""
        while where and where not in self._spans:
            where = where[:-1]
        first, last = self._spans.get(where, (1, 1))
        lines = self.source.splitlines()[first - 1 : last]
        return next((first + n for n, text in enumerate(lines) if needle and needle in text), first)

    def finish(self) -> None:
        """Raise the faults, if there are any."""
        if self.faults:
            raise self.error(self.faults)


@dataclass
class Table:
    """One table of the file: asks for values by kind, and at the end tells which keys nobody asked for."""

    document: Document
    where: tuple[Key, ...]
    data: dict[str, object]
    asked: set[str] = field(default_factory=set)

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self.data

    def fault(self, key: str, message: str, needle: str = "") -> None:
        """Note a fault at one of this table's keys, or at its head with an empty key."""
        self.document.report((*self.where, key) if key else self.where, message, needle)

    def _take(self, key: str, *, required: bool) -> object:
        self.asked.add(key)
        if required and key not in self.data:
            self.fault("", f"'{key}' is missing")
        return self.data.get(key)

    def text(self, key: str, *, required: bool = True, blank: bool = False) -> str:
        """A string, not an empty one unless ``blank``; "" where there is none."""
        value = self._take(key, required=required)
        if value is None:
            return ""
        if not isinstance(value, str) or not (blank or value.strip()):
            self.fault(key, f"'{key}' must be a text")
            return ""
        return value.strip()

    def choice(self, key: str, options: Collection[str], *, default: str = "") -> str:
        """One of the given words."""
        value = self.text(key, required=not default) or default
        if value and value not in options:
            self.fault(key, f"'{key}' is '{value}', not one of {', '.join(options)}")
        return value

    def words(self, key: str, *, required: bool = True) -> tuple[str, ...]:
        """A list of strings, each once."""
        value = self._take(key, required=required)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.fault(key, f"'{key}' must be a list of texts")
            return ()
        for item in {item for item in value if value.count(item) > 1}:
            self.fault(key, f"'{item}' stands twice in '{key}'", item)
        return tuple(dict.fromkeys(value))

    def flag(self, key: str, *, default: bool = False) -> bool:
        """True or false."""
        value = self._take(key, required=False)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.fault(key, f"'{key}' must be true or false")
        return default

    def number(self, key: str, *, required: bool = True) -> Decimal | None:
        """A finite number, exactly as written."""
        value = self._take(key, required=required)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
            self.fault(key, f"'{key}' must be a number")
            return None
        return Decimal(value)

    def whole(self, key: str, *, minimum: int = 0, maximum: int = 10_000, required: bool = True) -> int:
        """A whole number within bounds; ``minimum`` where there is none."""
        value = self._take(key, required=required)
        if value is None:
            return minimum
        if isinstance(value, bool) or not isinstance(value, int) or not minimum <= value <= maximum:
            self.fault(key, f"'{key}' must be a whole number from {minimum} to {maximum}")
            return minimum
        return value

    def day(self, key: str, *, required: bool = True) -> dt.date | None:
        """A date."""
        value = self._take(key, required=required)
        if value is None or (isinstance(value, dt.date) and not isinstance(value, dt.datetime)):
            return value
        self.fault(key, f"'{key}' must be a date like 2025-12-31")
        return None

    def texts(self, key: str, *, required: bool = True) -> Texts:
        """A text in every language of the product; {} where there is none."""
        value = self._take(key, required=required)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.fault(key, f"'{key}' must hold one text per language ({', '.join(LANGUAGES)})")
            return {}
        for language in LANGUAGES:
            text = value.get(language)
            if not isinstance(text, str) or not text.strip():
                self.fault(key, f"'{key}' has no text in '{language}'")
        for language in value.keys() - set(LANGUAGES):
            self.fault(key, f"'{key}' has a text in '{language}', which is not one of {', '.join(LANGUAGES)}")
        return {language: str(value.get(language, "")).strip() for language in LANGUAGES}

    def wording(self, key: str, *, required: bool = True) -> Texts:
        """A text in every language, or one string that reads the same in each, such as a document's number."""
        value = self.data.get(key)
        if isinstance(value, dict):
            return self.texts(key, required=required)
        plain = self.text(key, required=required)
        return dict.fromkeys(LANGUAGES, plain) if plain else {}

    def table(self, key: str, *, required: bool = True) -> "Table":
        """A table; an empty one where there is none."""
        value = self._take(key, required=required)
        if value is not None and not isinstance(value, dict):
            self.fault(key, f"'{key}' must be a table")
        return Table(self.document, (*self.where, key), value if isinstance(value, dict) else {})

    def tables(self, key: str, *, required: bool = True) -> list["Table"]:
        """A list of tables."""
        value = self._take(key, required=required)
        items = value if isinstance(value, list) else []
        if value is not None and (items is not value or not all(isinstance(item, dict) for item in items)):
            self.fault(key, f"'{key}' must be a list of tables")
            return []
        return [Table(self.document, (*self.where, key, n), item) for n, item in enumerate(items)]

    def close(self) -> None:
        """Note the keys that nobody asked for: a misspelt key must not be silently without effect."""
        for key in self.data.keys() - self.asked:
            self.fault(key, f"unknown key '{key}'")


def _line_in(message: str) -> int:
    """The line that tomllib names in its message; 0 where it says "at end of document"."""
    _, _, tail = message.partition("(at line ")
    return int(tail.partition(",")[0]) if tail else 0


def _spans(lines: list[str]) -> Iterator[tuple[tuple[Key, ...], tuple[int, int]]]:
    """Each value's path with its first and last line; the file is known to be good TOML."""
    header: tuple[Key, ...] = ()
    seen: dict[tuple[Key, ...], int] = {}
    number = 0
    while number < len(lines):
        first, text = number, lines[number]
        number += 1
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        if text.lstrip().startswith("["):
            header = _header(text, seen)
            yield header, (first + 1, first + 1)
            continue
        while (data := _try(text)) is None:
            text += "\n" + lines[number]
            number += 1
        for path in _paths(data):
            yield header + path, (first + 1, number)


def _try(text: str) -> dict[str, object] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _header(text: str, seen: dict[tuple[Key, ...], int]) -> tuple[Key, ...]:
    """The path that a ``[table]`` or ``[[list]]`` line opens."""
    keys = [str(path[-1]) for path in _paths(tomllib.loads(text)) if isinstance(path[-1], str)]
    path: tuple[Key, ...] = ()
    for key in keys[:-1]:
        path += (key,)
        path += (seen[path],) if path in seen else ()
    path += (keys[-1],)
    if text.lstrip().startswith("[["):
        seen[path] = seen.get(path, -1) + 1
        path += (seen[path],)
    return path


def _paths(value: object, path: tuple[Key, ...] = ()) -> Iterator[tuple[Key, ...]]:
    """The paths of all values inside a value."""
    if path:
        yield path
    children: list[tuple[Key, object]] = []
    if isinstance(value, dict):
        children = list(value.items())
    elif isinstance(value, list):
        children = list(enumerate(value))
    for key, child in children:
        yield from _paths(child, (*path, key))
