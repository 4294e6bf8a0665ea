"""The catalogues: what is collected, what stays, what the check finds."""

from pathlib import Path

import pytest
from babel.messages.pofile import write_po
from django.apps import apps
from django.utils.translation import pgettext

from greenchain.apps import OURS
from tools import messages

PYTHON = """
from django.utils.translation import gettext as _, ngettext, pgettext
def words(n):
    # Translators: said at the door
    return _("Welcome"), ngettext("%(n)s door", "%(n)s doors", n), pgettext("month", "May"), _(f"no {n}")
"""
TEMPLATE = """{% load i18n %}
<p>It's {% translate "Open" %}
    {% blocktranslate count n=doors %}{{ n }} window{% plural %}{{ n }} windows{% endblocktranslate %}
  {% blocktranslate trimmed with name=user.name %}
     Hello {{ name }},
     how are you?
  {% endblocktranslate %} {{ _("Shut") }}</p>
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in messages.SOURCES:
        (tmp_path / folder).mkdir()
    (tmp_path / "suppliers" / "words.py").write_text(PYTHON)
    (tmp_path / "templates" / "door.html").write_text(TEMPLATE)
    (tmp_path / "suppliers" / "migrations").mkdir()
    (tmp_path / "suppliers" / "migrations" / "0001.py").write_text('_("never")')
    return tmp_path


def translate(root: Path, language: str, change: dict[str, str]) -> None:
    place = messages.catalogue_file(language, root)
    text = place.read_text()
    for before, after in change.items():
        assert before in text
        text = text.replace(before, after)
    place.write_text(text)
    messages.update(root)


def fill(root: Path) -> None:
    """Translate everything, by the same words in brackets."""
    for language in messages.LANGUAGES:
        catalogue = messages.stored(language, root)
        place = messages.catalogue_file(language, root)
        for message in messages.entries(catalogue):
            plural = not isinstance(message.id, str)
            message.string = (f"[{message.id[1]}]",) if plural else f"[{message.id}]"
        with place.open("wb") as target:
            write_po(target, catalogue)
    messages.update(root)


def test_collects_from_python_and_templates(root: Path) -> None:
    found = {messages.key(message): message for message in messages.entries(messages.collect(root))}
    assert set(found) == {
        ("", "Welcome"),
        ("", "%(n)s door"),
        ("month", "May"),
        ("", "Open"),
        ("", "%(n)s window"),
        ("", "Hello %(name)s, how are you?"),
        ("", "Shut"),
    }
    assert found["", "%(n)s window"].id == ("%(n)s window", "%(n)s windows")
    assert found["", "Welcome"].auto_comments == ["Translators: said at the door"]


def test_collects_what_fields_are_called() -> None:
    """Every field's default name that a page may show is in the catalogues, and no other."""
    collected = {message.id for message in messages.entries(messages.collect()) if message.context == "field"}
    shown = {
        field.name.replace("_", " ")
        for label in OURS
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.local_fields + model._meta.local_many_to_many
        if field.name != "id" and field.verbose_name == pgettext("field", field.name.replace("_", " "))
        if "verbose_name" not in field.deconstruct()[3]
    }
    assert shown == collected


def test_a_complete_catalogue_is_fine_and_stays_as_it_is(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    messages.update(root)
    fill(root)
    capsys.readouterr()
    assert messages.check(root) == 0
    assert capsys.readouterr().out == ""
    before = messages.catalogue_file("id", root).read_bytes()
    messages.update(root)
    assert messages.catalogue_file("id", root).read_bytes() == before
    assert "nplurals=1" in before.decode()


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({'msgstr "[Open]"': 'msgstr ""'}, "1 not translated: 'Open'"),
        ({'msgid "Open"': '#, fuzzy\nmsgid "Open"'}, "1 doubtful (fuzzy): 'Open'"),
        ({"[Hello %(name)s": "[Hello %(nam)s"}, "1 with other placeholders than the text: 'Hello"),
    ],
)
def test_what_the_check_finds(
    root: Path, capsys: pytest.CaptureFixture[str], change: dict[str, str], complaint: str
) -> None:
    messages.update(root)
    fill(root)
    translate(root, "zh_Hans", change)
    capsys.readouterr()
    assert messages.check(root) == 1
    assert f"zh_Hans: {complaint}" in capsys.readouterr().out


def test_a_stale_catalogue(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    messages.update(root)
    fill(root)
    (root / "templates" / "door.html").write_text('{% load i18n %}{% translate "Push" %}')
    messages.catalogue_file("id", root).with_suffix(".mo").unlink()
    assert messages.check(root) == 1
    said = capsys.readouterr().out
    assert "id: 1 not collected, run make messages: 'Push'" in said
    assert "id: 4 no longer in the source" in said
    assert "id: the compiled catalogue is not that of the .po file" in said
