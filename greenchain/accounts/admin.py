"""People: administrators appoint them, and the record shows it."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenchain.accounts.actions import (
    appoint,
    come_back,
    go_away,
    grabs_power,
    is_administrator,
    keeps_absence,
    replaced_password,
)
from greenchain.accounts.forms import AbsenceForm
from greenchain.accounts.models import OFFICIALS, Absence, User
from greenchain.audit.acts import Act
from greenchain.audit.desk import ADMINISTRATORS, EVERYBODY, Desk

admin.site.unregister(Group)


class PersonForm(UserChangeForm[User]):
    """A person with their role; officials serve an authority, nobody else does."""

    by: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "language" in self.fields:
            self.fields["language"] = forms.ChoiceField(
                label=self.fields["language"].label, choices=settings.LANGUAGES
            )
        if "until_on" in self.fields:
            self.fields["until_on"].widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")

    def clean(self) -> dict[str, Any]:
        """Officials need an authority; nobody changes their own power."""
        data = super().clean() or self.cleaned_data
        if data.get("role") in OFFICIALS and not data.get("authority"):
            self.add_error("authority", _("Auditors, approvers and reviewers serve an authority."))
        elif data.get("role") not in OFFICIALS:
            data["authority"] = None
        return data

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.errors and grabs_power(self.instance, self.by):
            words = _("Nobody changes their own role, authority or access; ask another administrator.")
            self.add_error("role", words)


class NewPersonForm(PersonForm, AdminUserCreationForm[User]):
    """A new person, with a first password."""


@admin.register(User)
class UserDesk(Desk[User], UserAdmin[User]):
    """Who signs in. A role comes with its rights; there are no others to give."""

    readers = ADMINISTRATORS
    refusal = gettext_lazy("People are managed by administrators.")
    form = PersonForm
    add_form = NewPersonForm
    change_form_template = "admin/row.html"
    list_display = ("username", "full_name", "role", "authority", "is_active", "last_login")
    list_filter = ("role", "is_active")
    list_select_related = ("authority",)
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = ("username",)
    autocomplete_fields = ("authority",)
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (gettext_lazy("Person"), {"fields": ("first_name", "last_name", "email", "language")}),
        (
            gettext_lazy("Work"),
            {
                "fields": ("role", "authority", "is_active", "until_on"),
                "description": gettext_lazy(
                    "A role gives its rights at this authority. Every change of them stands in the record."
                ),
            },
        ),
        (gettext_lazy("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": (
                    "username",
                    "first_name",
                    "last_name",
                    "email",
                    "language",
                    "role",
                    "authority",
                    "usable_password",
                    "password1",
                    "password2",
                )
            },
        ),
    )

    def scope(self, rows: Any, _user: Any) -> Any:
        """Administrators manage everybody."""
        return rows

    @admin.display(description=gettext_lazy("name"), ordering="last_name")
    def full_name(self, person: User) -> str:
        """As they wrote it."""
        return person.get_full_name()

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Administrators."""
        return self.has_view_permission(request) and is_administrator(request.user)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:  # noqa: ARG002 - Django's
        """Administrators."""
        return self.has_add_permission(request)

    def get_form(self, request: HttpRequest, obj: User | None = None, **kwargs: Any) -> Any:  # type: ignore[override]
        """The form knows who fills it in."""
        form: Any = super().get_form(request, obj, **kwargs)
        form.by = request.user
        return form

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: ARG002, FBT001 - as
        """By the action, which records."""
        appoint(obj, by=request.user)  # type: ignore[arg-type]

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002 - as above
        """Setting somebody's password stands in the record."""
        person = self.found(request, id)
        before = person.password
        response = super().user_change_password(request, id, form_url)
        person.refresh_from_db()
        if person.password != before:
            replaced_password(person, by=request.user)  # type: ignore[arg-type]
        return response


def _goes(_absence: Absence | None, user: Any) -> bool:
    return is_administrator(user) or user.is_official


def _keeps(absence: Absence, user: Any) -> bool:
    return keeps_absence(absence.person, user)


@admin.register(Absence)
class AbsenceDesk(Desk[Absence]):
    """Who is away, and who stands in: said by the person themselves or by an administrator."""

    readers = EVERYBODY
    opening = Act("go_away", gettext_lazy("Say who is away"), go_away, AbsenceForm, "primary", _goes)
    acts = (
        Act(
            "come_back",
            gettext_lazy("End it now"),
            come_back,
            tone="danger",
            whose=_keeps,
            when=lambda row: not row.is_over,
        ),
    )
    list_display = ("person", "authority", "since_on", "until_on", "stand_in", "ended_at")
    list_select_related = ("person__authority", "stand_in")
    search_fields = ("person__username", "person__last_name", "stand_in__username")
    ordering = ("-until_on", "-pk")
    fields = readonly_fields = ("person", "authority", "since_on", "until_on", "stand_in", "ended_at")

    def get_queryset(self, request: HttpRequest) -> Any:
        """With who they are."""
        return super().get_queryset(request).select_related("person__authority", "stand_in")

    def form_of(self, request: HttpRequest, row: Absence | None, act: Act) -> Any:
        """The form knows who fills it in."""
        if act.form is not AbsenceForm:
            return super().form_of(request, row, act)
        return AbsenceForm(request.POST if request.method == "POST" else None, user=request.user)

    @admin.display(description=gettext_lazy("authority"), ordering="person__authority")
    def authority(self, absence: Absence) -> str:
        """Where the person serves."""
        return str(absence.person.authority)
