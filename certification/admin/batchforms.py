"""What is asked where several cases move at once."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.queue.loads import colleagues, load_of
from greenchain.accounts.models import User


class OpinionForm(forms.Form):
    """One opinion for all of them."""

    opinion = forms.CharField(
        label=gettext_lazy("Shared opinion"), widget=forms.Textarea({"rows": 3}), max_length=4000
    )


class ReasonsForm(forms.Form):
    """Reasons are welcome."""

    reasons = forms.CharField(
        label=gettext_lazy("Reasons"), widget=forms.Textarea({"rows": 3}), max_length=4000, required=False
    )


class ColleagueForm(forms.Form):
    """Who of the desk takes them."""

    user = forms.ModelChoiceField(label=gettext_lazy("To whom"), queryset=User.objects.none())

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["user"]
        field.queryset = colleagues(by)
        loads = {person.pk: load for person, load in load_of(by).items()}
        field.label_from_instance = lambda person: (
            _("%(person)s (has %(load)d)")
            % {
                "person": person.get_full_name() or person.get_username(),
                "load": loads.get(person.pk, 0),
            }
        )


class SharingForm(forms.Form):
    """Nothing to ask: it says who has how many now."""

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.loads = [
            (person.get_full_name() or person.get_username(), load) for person, load in load_of(by).items()
        ]
