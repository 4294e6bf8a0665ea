"""What may be done in the admin: an act is a small form and an action that judges, writes and records."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenchain.refusals import NotYours, Refused, status_of, told_on

M = TypeVar("M", bound=models.Model)


def always(*_asked: Any) -> bool:
    """Whoever reads the page, whatever the row's state."""
    return True


class ReasonsForm(forms.Form):
    """Reasons are mandatory."""

    reasons = forms.CharField(
        label=gettext_lazy("Reasons"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000
    )


@dataclass(frozen=True, slots=True)
class Act:
    """Something a person may do to a row: ``action(row, by=user, **cleaned)``; to open a row, without one.

    ``tone``: primary, plain or danger. ``whose`` says whose act it is, ``when`` whether the row is in a state
    for it; the action itself judges both again.
    """

    name: str
    label: Any
    action: Callable[..., Any]
    form: type[forms.BaseForm] = forms.Form
    tone: str = "plain"
    whose: Callable[[Any, Any], bool] = always
    when: Callable[[Any], bool] = always


def inputs_of(form: Any) -> dict[str, Any]:
    """What the action is called with: what the form says itself, else its fields as they stand."""
    arguments = getattr(form, "arguments", None)
    return arguments() if arguments else dict(form.cleaned_data)


@dataclass(frozen=True, slots=True)
class Button:
    """An act as it stands on the page: open, or why not."""

    label: Any
    url: str
    tone: str = "plain"
    allowed: bool = True
    why: str = ""
    rare: bool = False


class Acting(admin.ModelAdmin[M]):
    """The pages of a register's acts. ``opening`` is the act by which a new row comes about."""

    acts: ClassVar[tuple[Act, ...]] = ()
    opening: ClassVar[Act | None] = None

    def found(self, request: HttpRequest, key: str) -> M:
        """The row within the person's scope, or 404."""
        raise NotImplementedError

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whom the opening act is for."""
        reads = self.has_view_permission(request)
        return reads and self.opening is not None and self.opening.whose(None, request.user)

    def url_of(self, row: M, name: str = "change") -> str:
        """The address of the row's page, or of one of its acts."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=[quote(row.pk)])

    def buttons(self, request: HttpRequest, row: M) -> list[Button]:
        """What the person may do to the row."""
        offered = (act for act in self.acts if act.whose(row, request.user) and act.when(row))
        return [Button(act.label, self.url_of(row, act.name), act.tone) for act in offered]

    def act_named(self, row: M, name: str) -> Act:  # noqa: ARG002 - cases look it up by the row's kind
        """The act of that name."""
        return next(act for act in self.acts if act.name == name)

    def act_names(self) -> list[str]:
        """The last parts of the acts' addresses."""
        return [act.name for act in self.acts]

    def get_urls(self) -> list[URLPattern]:
        """One address per act, before the stock ones."""
        stem = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view(self.act_view)
        own = [
            path(f"<str:key>/{name}/", view, {"name": name}, name=f"{stem}_{name}")
            for name in self.act_names()
        ]
        return [*own, *super().get_urls()]

    def act_view(self, request: HttpRequest, key: str, name: str) -> HttpResponse:
        """GET shows the form; POST acts and goes back to the row, or tells on the form what is wrong."""
        row = self.found(request, key)
        act = self.act_named(row, name)
        try:
            self.may(request, row, act)
            form = self.form_of(request, row, act)
            if request.method == "POST" and form.is_valid():
                with told_on(form):
                    self.do(request, row, act, form)
                if form.is_valid():
                    return self.done(request, row, act)
        except NotYours:
            raise
        except Refused as no:
            return self.not_done(request, row, no)
        return self.ask(request, row, act, form)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The opening act; registers without one take no rows here."""
        if self.opening is None:
            return super().add_view(request, form_url, extra_context)
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = self.form_of(request, None, self.opening)
        if request.method == "POST" and form.is_valid():
            with told_on(form):
                row = self.opening.action(by=request.user, **inputs_of(form))
                return self.done(request, row, self.opening)
        return self.ask(request, None, self.opening, form)

    def may(self, request: HttpRequest, row: M, act: Act) -> None:
        """Refuse whom the act is not for before anything is asked of them."""
        if not act.whose(row, request.user):
            raise NotYours(_("This move is not yours to make."), code="not_yours")

    def form_of(self, request: HttpRequest, row: M | None, act: Act) -> Any:  # noqa: ARG002 - some forms need it
        """The act's form, with what was posted, else with what the address suggests."""
        if request.method == "POST":
            return act.form(request.POST, request.FILES)
        return act.form(initial=request.GET.dict())

    def do(self, request: HttpRequest, row: M, act: Act, form: Any) -> Any:
        """Call the action."""
        return act.action(row, by=request.user, **inputs_of(form))

    def done(self, request: HttpRequest, row: M, act: Act) -> HttpResponse:
        """Say so and go back to the row."""
        messages.success(request, _("%(act)s: done.") % {"act": act.label})
        return HttpResponseRedirect(self.url_of(row))

    def not_done(self, request: HttpRequest, row: M, no: Refused) -> HttpResponse:
        """What no form can mend is told on the row's page."""
        tell = messages.info if no.code == "already_done" else messages.error
        tell(request, str(no))
        return HttpResponseRedirect(self.url_of(row))

    def back_from(self, request: HttpRequest) -> str:  # noqa: ARG002 - some registers' rows stand on something
        """Where the opening act leads when it is not done; nothing: to the register."""
        return ""

    def ask(self, request: HttpRequest, row: M | None, act: Act, form: Any) -> HttpResponse:
        """The page with the act's form."""
        stem = f"admin/{self.opts.app_label}/{self.opts.model_name}"
        context = {
            **self.admin_site.each_context(request),
            "title": act.label,
            "act": act,
            "form": form,
            "row": row,
            "row_url": self.url_of(row) if row else self.back_from(request),
            "opts": self.opts,
        }
        request.current_app = self.admin_site.name
        templates = [f"{stem}/{act.name}.html", f"{stem}/act.html", "admin/act.html"]
        return TemplateResponse(request, templates, context, status=status_of(form))
