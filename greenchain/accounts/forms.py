"""Who a new person is; who is away, from when to when, and who stands in."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from greenchain.accounts.actions import introduce, is_administrator
from greenchain.accounts.models import OFFICIALS, Absence, User

NAMED = _("The sign-in name.")


class SignupForm(forms.Form):
    """What signing up asks beside name to sign in, address and password."""

    last_name = forms.CharField(label=_("Family name"), max_length=150)
    first_name = forms.CharField(
        label=_("Given name"),
        max_length=150,
        help_text=_("Your real name: desks and your enterprise's owners see who acted."),
    )

    field_order = ("last_name", "first_name", "email", "username", "password1", "password2")

    def signup(self, request: HttpRequest, user: User) -> None:  # noqa: ARG002 - as it is called
        """The new person is kept as they said, and is written to in the language of the page."""
        introduce(user, language=get_language() or "en")


class AbsenceForm(forms.ModelForm[Absence]):
    """Officials say it of themselves and choose among those near; administrators name both."""

    class Meta:
        model = Absence
        fields = ("person", "since_on", "until_on", "stand_in")
        widgets = {
            "since_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "until_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        officials = User.objects.filter(role__in=OFFICIALS, is_active=True).order_by("username")
        if is_administrator(user):
            self.fields["person"] = _named(officials, self.fields["person"].label)
            self.fields["stand_in"] = _named(officials, self.fields["stand_in"].label, required=False)
            return
        self.own = user
        del self.fields["person"]
        above = user.authority.path.strip("/").split("/")
        near = officials.filter(role=user.role, authority__code__in=above).exclude(pk=user.pk)
        self.fields["stand_in"].queryset = near.select_related("authority")  # type: ignore[attr-defined]
        self.fields["stand_in"].help_text = _("Holds your role at your authority while you are away.")

    def _post_clean(self) -> None:
        """The action judges the row as a whole."""

    def arguments(self) -> dict[str, Any]:
        """What the action takes."""
        return {"person": getattr(self, "own", None), **self.cleaned_data}


def _named(people: Any, label: Any, *, required: bool = True) -> forms.ModelChoiceField[User]:
    return forms.ModelChoiceField(
        people,
        label=label,
        to_field_name="username",
        widget=forms.TextInput,
        help_text=NAMED,
        required=required,
        error_messages={"invalid_choice": _("No official who is active signs in as “%(value)s”.")},
    )
