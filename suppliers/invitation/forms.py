"""With which of one's enterprises one answers an invitation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from greenchain.accounts.models import User
from suppliers.enterprise.access import kept_by
from suppliers.enterprise.models import Enterprise


class JoinForm(forms.Form):
    """With which of one's enterprises one answers."""

    enterprise = forms.ModelChoiceField(
        label=gettext_lazy("Your enterprise"), queryset=Enterprise.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, user: User, supplier: Enterprise | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = kept_by(user).order_by("name")
        mine = mine.filter(pk=supplier.pk) if supplier is not None else mine
        self.fields["enterprise"].queryset = mine  # type: ignore[attr-defined]
        self.mine = list(mine[:2])
