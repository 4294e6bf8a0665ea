"""Forms of an enterprise's own affairs."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenchain.accounts.models import User
from greenchain.clock import today
from suppliers.enterprise.models import Enterprise, Membership, Park, Product, Shareholding, Site
from suppliers.place.forms import IndustryField, RegionField

LOCAL_NAME = gettext_lazy("As on the business licence.")
ENGLISH_NAME = gettext_lazy("For buyers abroad; it stands on the certificate.")


class DayInput(forms.DateInput):
    """The browser's own date field."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class EnterpriseForm(forms.ModelForm[Enterprise]):
    """What an enterprise is, where it is, and whom to call."""

    region = RegionField(label=gettext_lazy("Region"), required=False)
    industry = IndustryField(label=gettext_lazy("Industry (four digits)"), required=False)

    class Meta:
        model = Enterprise
        fields = (
            "name",
            "name_en",
            "region",
            "industry",
            "address",
            "legal_representative",
            "contact_name",
            "contact_phone",
            "contact_email",
            "shareholders_on",
        )
        widgets = {"shareholders_on": DayInput}
        help_texts = {"name": LOCAL_NAME, "name_en": ENGLISH_NAME}


class SiteForm(forms.ModelForm[Site]):
    """A factory: the thing that most titles are given to."""

    region = RegionField(
        label=gettext_lazy("Region"),
        help_text=gettext_lazy("The county or district. Its authority is the first desk of every case."),
    )
    industry = IndustryField(label=gettext_lazy("Industry (four digits)"))

    class Meta:
        model = Site
        fields = (
            "name",
            "name_en",
            "region",
            "address",
            "address_en",
            "postal_code",
            "industry",
            "above_scale",
        )
        help_texts = {
            "name_en": ENGLISH_NAME,
            "above_scale": gettext_lazy(
                "Counted by the statistics office as an enterprise above the statistical scale."
            ),
        }


class ProductForm(forms.ModelForm[Product]):
    """A product or product class."""

    class Meta:
        model = Product
        fields = ("name", "name_en", "site", "code")

    def __init__(self, *args: Any, enterprise: Enterprise, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = enterprise.sites.order_by("name")  # type: ignore[attr-defined]


class ParkForm(forms.ModelForm[Park]):
    """A park that the enterprise manages."""

    region = RegionField(label=gettext_lazy("Region"))

    class Meta:
        model = Park
        fields = ("name", "name_en", "kind", "region", "address")


class ShareholdingForm(forms.ModelForm[Shareholding]):
    """Who owns a part of the enterprise."""

    class Meta:
        model = Shareholding
        fields = ("name", "identifier", "share", "since_on", "until_on")
        widgets = {"since_on": DayInput, "until_on": DayInput}


class AdmitForm(forms.Form):
    """Who acts for the enterprise, as what, and until when."""

    person = forms.CharField(
        label=gettext_lazy("User name or e-mail"),
        max_length=150,
        help_text=gettext_lazy("The person signs up first, then tells you the name."),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=Membership.Role.choices,
        initial=Membership.Role.EDITOR,
        help_text=gettext_lazy("Owners submit and admit people, editors enter data, viewers read."),
    )
    consultant = forms.BooleanField(
        label=gettext_lazy("This is a consultant from outside"),
        required=False,
        help_text=gettext_lazy("Consultants have a last day and are never owners."),
    )
    since_on = forms.DateField(label=gettext_lazy("From"), widget=DayInput(), initial=today)
    until_on = forms.DateField(label=gettext_lazy("Until"), widget=DayInput(), required=False)

    def clean_person(self) -> User:
        """The one active person with that name or address."""
        text = self.cleaned_data["person"].strip()
        found = list(User.objects.filter(Q(username=text) | Q(email__iexact=text), is_active=True)[:2])
        if len(found) != 1:
            raise ValidationError(
                _("Nobody here has signed up under “%(text)s”.") % {"text": text}, code="unknown"
            )
        return found[0]

    def clean(self) -> dict[str, Any]:
        """The last day does not lie before the first."""
        data = super().clean() or {}
        since, until = data.get("since_on"), data.get("until_on")
        if since and until and until < since:
            self.add_error("until_on", _("The last day lies before the first."))
        return data
