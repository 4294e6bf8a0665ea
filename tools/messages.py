"""Collects the texts to translate, keeps the catalogues and compiles them: no GNU gettext is needed.

``update`` rewrites locale/*/LC_MESSAGES/django.po and .mo; ``check`` says what is missing, doubtful or stale.
"""

import ast
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("zh_Hans", "id")
# Neither Chinese nor Indonesian has a plural.
HEADER = 'msgid ""\nmsgstr ""\n"Plural-Forms: nplurals=1; plural=0;\\n"\n'
SOURCES = ("greenchain", "suppliers", "certification", "templates")
SINGLE = ("_", "gettext", "gettext_lazy", "gettext_noop")
KEYWORDS = dict.fromkeys(SINGLE) | {
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
FIELD = re.compile(r"models\.((?P<related>ForeignKey|OneToOneField|ManyToManyField)|\w+Field)\b")
FIXED = datetime(2026, 1, 1, tzinfo=UTC)  # a catalogue changes only when a text does
SHOWN = 10


def catalogue_file(language: str, root: Path = ROOT) -> Path:
    """Where the translations into ``language`` stand."""
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def sources(root: Path = ROOT) -> Iterator[Path]:
    """Python files and templates, in a fixed order."""
    for folder in SOURCES:
        for place in sorted((root / folder).rglob("*")):
            if place.suffix in {".py", ".html", ".txt"} and "migrations" not in place.parts:
                yield place


def collect(root: Path = ROOT) -> Catalog:
    """All texts that are marked in Python and in templates."""
    texts = Catalog(charset="utf-8", creation_date=FIXED)
    for place in sources(root):
        source = io.BytesIO(python_of(place).encode())
        name = place.relative_to(root).as_posix()
        for line, identity, comments, context in extract("python", source, KEYWORDS, ["Translators:"]):
            texts.add(identity, locations=[(name, line)], auto_comments=comments, context=context)
        for words in field_names(place):
            texts.add(words, locations=[(name, 1)], context="field")
    return texts


def field_names(place: Path) -> Iterator[str]:
    """What models call their fields where they say nothing else: see greenchain/fieldnames.py."""
    if place.suffix != ".py":
        return
    for node in ast.walk(ast.parse(place.read_text(encoding="utf-8"))):
        match node:
            case (
                ast.AnnAssign(target=ast.Name(id=name), value=ast.Call() as made)
                | ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as made)
            ) if nameless_field(made):
                yield name.replace("_", " ")


def nameless_field(made: ast.Call) -> bool:
    """Whether it makes a field and gives it no name."""
    found = FIELD.match(ast.unparse(made.func))
    if found is None or any(keyword.arg == "verbose_name" for keyword in made.keywords):
        return False
    return bool(found["related"]) or not made.args


def python_of(place: Path) -> str:
    """Its text; Django turns a template into something that is Python once it has no indentation."""
    text = place.read_text(encoding="utf-8")
    if place.suffix == ".py":
        return text
    return "\n".join(line.lstrip() for line in templatize(text, str(place)).split("\n"))


def stored(language: str, root: Path = ROOT) -> Catalog:
    """The catalogue as it stands, or an empty one."""
    place = catalogue_file(language, root)
    source = place.read_text(encoding="utf-8") if place.exists() else HEADER
    return read_po(io.StringIO(source), locale=language)


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as the program reads it."""
    target = io.BytesIO()
    write_mo(target, catalogue)
    return target.getvalue()


def update(root: Path = ROOT) -> int:
    """Bring every catalogue up to date; translations of texts that are still there stay."""
    texts = collect(root)
    for language in LANGUAGES:
        catalogue = stored(language, root)
        catalogue.update(texts, no_fuzzy_matching=True)
        catalogue.header_comment = "# GreenChain. Made by make messages; write the translations in here."
        catalogue.project, catalogue.version, catalogue.fuzzy = "GreenChain", "1", False
        catalogue.creation_date = catalogue.revision_date = FIXED
        place = catalogue_file(language, root)
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("wb") as target:
            write_po(
                target, catalogue, width=110, sort_output=True, ignore_obsolete=True, include_lineno=False
            )
        place.with_suffix(".mo").write_bytes(compiled(stored(language, root)))
        open_ones = sum(not translated(message) for message in entries(catalogue))
        print(f"{language}: {len(entries(catalogue))} texts, {open_ones} to translate")
    return 0


def check(root: Path = ROOT) -> int:
    """Exit code 1, and the reasons, when a catalogue is not complete and current."""
    texts = collect(root)
    complaints = [complaint for language in LANGUAGES for complaint in faults(language, texts, root)]
    for complaint in complaints:
        print(complaint)
    return 1 if complaints else 0


def faults(language: str, texts: Catalog, root: Path = ROOT) -> Iterator[str]:
    """What is wrong with a catalogue, a line for each kind."""
    catalogue = stored(language, root)
    wanted, there = keys(texts), keys(catalogue)
    yield from told(language, "not collected, run make messages", wanted - there)
    yield from told(language, "no longer in the source, run make messages", there - wanted)
    messages = entries(catalogue)
    yield from told(language, "not translated", {key(one) for one in messages if not translated(one)})
    yield from told(language, "doubtful (fuzzy)", {key(one) for one in messages if one.fuzzy})
    yield from told(
        language, "with other placeholders than the text", {key(one) for one, _ in catalogue.check()}
    )
    binary = catalogue_file(language, root).with_suffix(".mo")
    if not binary.exists() or binary.read_bytes() != compiled(catalogue):
        yield f"{language}: the compiled catalogue is not that of the .po file, run make messages"


def told(language: str, what: str, found: set[tuple[str, str]]) -> Iterator[str]:
    """One line with the first few of ``found``; none where there are none."""
    if found:
        some = "; ".join(repr(text) for _, text in sorted(found)[:SHOWN])
        yield f"{language}: {len(found)} {what}: {some}{' …' if len(found) > SHOWN else ''}"


def entries(catalogue: Catalog) -> list[Message]:
    """The messages without the header."""
    return [message for message in catalogue if message.id]


def key(message: Message) -> tuple[str, str]:
    """Context and (singular) text."""
    return message.context or "", message.id if isinstance(message.id, str) else message.id[0]


def keys(catalogue: Catalog) -> set[tuple[str, str]]:
    """The keys of all messages."""
    return {key(message) for message in entries(catalogue)}


def translated(message: Message) -> bool:
    """Whether every form has a translation."""
    forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return bool(forms) and all(forms)


if __name__ == "__main__":
    sys.exit({"update": update, "check": check}[sys.argv[1]]())
