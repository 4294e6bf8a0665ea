"""What forms and lists call a model's fields: their own names in words, in the reader's language."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import pgettext_lazy


def name_fields(found: Iterable[type[models.Model]]) -> None:
    """Let every field that was given no name of its own be called by a text that can be translated.

    ``tools/messages.py`` collects the same texts, with the context "field", from the models' source.
    """
    for model in found:
        for field in model._meta.local_fields + model._meta.local_many_to_many:
            words = field.name.replace("_", " ")
            if type(field.verbose_name) is str and field.verbose_name == words:
                field.verbose_name = pgettext_lazy("field", words)
