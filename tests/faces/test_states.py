"""Every state has colour, shape and word."""

from types import SimpleNamespace

import pytest

from certification.assessment.models import Severity
from certification.templatetags import states
from certification.workflow import Status

TONES = {"green", "amber", "red", "blue", "grey"}


def test_every_status_has_a_look_of_its_kind():
    assert states.APPLICATION.keys() | states.TITLE.keys() == set(Status.values)
    assert states.FINDING.keys() == set(Severity.values)


@pytest.mark.parametrize("key", sorted(states.LOOKS))
def test_a_look_is_whole(key):
    look = states.look(key)
    assert look.tone in TONES
    assert look.shape in states.SHAPES
    assert str(look.word)
    assert str(look.drawing).startswith("<")


def test_words_are_those_of_the_workflow():
    for status in Status:
        assert str(states.look(status).word) == str(status.label)


def test_within_a_kind_no_two_negative_ends_share_shape_with_a_positive_one():
    good = {look.shape for look in states.LOOKS.values() if look.tone == "green"}
    bad = {look.shape for look in states.LOOKS.values() if look.tone == "red"}
    assert not good & bad


def test_an_unknown_word_is_shown_as_it_is():
    assert states.look("novel").word == "novel"


def test_the_least_trusted_source_speaks():
    source = SimpleNamespace(mark="source")
    sample = SimpleNamespace(mark="sample")
    assert states.trust({"base": source, "lead": sample})["mark"] == "sample"
    assert states.trust({"base": source})["mark"] == ""
    assert states.trust(None)["mark"] == ""
    assert states.trust("suggestion") == {"mark": "suggestion", "said": ""}
