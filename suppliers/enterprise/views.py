"""An enterprise's own pages: what it is, its people, sites, products and parks."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from greenchain.accounts.signedin import SignedIn
from greenchain.audit.canonical import canonical, digest
from greenchain.clock import today
from greenchain.refusals import Refused, status_of, told_on
from suppliers.enterprise import actions
from suppliers.enterprise.access import may, must
from suppliers.enterprise.forms import (
    AdmitForm,
    EnterpriseForm,
    ParkForm,
    ProductForm,
    ShareholdingForm,
    SiteForm,
)
from suppliers.enterprise.models import Enterprise, Membership, Park, Product, Shareholding, Site


@login_required
@require_safe
def enterprise_list(request: SignedIn) -> HttpResponse:
    """The enterprises that this person sees; with one only, straight to it. Officials have their register."""
    if request.user.is_official:
        return redirect("admin:suppliers_enterprise_changelist")
    mine = Enterprise.objects.visible_to(request.user).select_related("region").order_by("name")
    found = list(mine[:200])
    if len(found) == 1:
        return redirect("enterprise", found[0].pk)
    return render(request, "suppliers/enterprise/enterprise_list.html", {"enterprises": found})


@login_required
@require_safe
def detail(request: SignedIn, pk: int) -> HttpResponse:
    """What the enterprise is and has."""
    enterprise = _seen(request, pk)
    people = list(enterprise.memberships.running().select_related("user").order_by("role", "pk"))
    context = {
        "enterprise": enterprise,
        "due": today().year - 1,
        "people": people,
        "ownerless": enterprise.claimed_at and not any(row.is_owner for row in people),
        "sites": enterprise.sites.select_related("region", "industry").order_by("name"),
        "products": enterprise.products.select_related("site").order_by("name"),
        "parks": enterprise.parks.select_related("region").order_by("name"),
        "owners": enterprise.shareholdings.order_by("-share", "pk"),
        "former": enterprise.former_names.order_by("-until_on"),
        "may_edit": may(request.user, enterprise, "edit"),
        "may_own": may(request.user, enterprise, "own"),
    }
    return render(request, "suppliers/enterprise/enterprise.html", context)


@login_required
def edit(request: SignedIn, pk: int) -> HttpResponse:
    """Correct what the enterprise is."""
    enterprise = _seen(request, pk)
    must(request.user, enterprise, "edit")
    form = EnterpriseForm(request.POST or None, instance=_seen(request, pk))
    form.fields["name"].disabled = not may(request.user, enterprise, "own")
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            _unchanged(request, enterprise, form)
            actions.amend(enterprise, by=request.user, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("enterprise", pk)
    return _form(request, form, enterprise, _("Edit the enterprise"), thing=enterprise)


@login_required
def admit(request: SignedIn, pk: int) -> HttpResponse:
    """Let a person act for the enterprise."""
    enterprise = _seen(request, pk)
    must(request.user, enterprise, "own")
    form = AdmitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            membership = actions.admit(enterprise, by=request.user, **form.cleaned_data)
            messages.success(request, _("%(person)s acts for the enterprise.") % {"person": membership.user})
            return redirect("enterprise", pk)
    return _form(request, form, enterprise, _("Admit a person"))


@login_required
@require_POST
def dismiss(request: SignedIn, pk: int) -> HttpResponse:
    """End a membership."""
    membership = get_object_or_404(Membership.objects.visible_to(request.user).select_related("user"), pk=pk)
    actions.dismiss(membership, by=request.user)
    messages.success(
        request, _("%(person)s no longer acts for the enterprise.") % {"person": membership.user}
    )
    if membership.user_id == request.user.pk:
        return redirect("enterprise-list")
    return redirect("enterprise", membership.enterprise_id)


@login_required
def add_site(request: SignedIn, pk: int) -> HttpResponse:
    """A further site."""
    enterprise = _seen(request, pk)
    form = SiteForm(
        request.POST or None, initial={"region": enterprise.region_id, "industry": enterprise.industry_id}
    )
    return _add(request, enterprise, form, actions.add_site, _("Add a site"))


@login_required
def add_product(request: SignedIn, pk: int) -> HttpResponse:
    """A further product."""
    enterprise = _seen(request, pk)
    form = ProductForm(request.POST or None, enterprise=enterprise)
    return _add(request, enterprise, form, actions.add_product, _("Add a product"))


@login_required
def add_park(request: SignedIn, pk: int) -> HttpResponse:
    """A further park."""
    enterprise = _seen(request, pk)
    form = ParkForm(request.POST or None, initial={"region": enterprise.region_id})
    return _add(request, enterprise, form, actions.add_park, _("Add a park"))


@login_required
def add_shareholding(request: SignedIn, pk: int) -> HttpResponse:
    """A further shareholder."""
    enterprise = _seen(request, pk)
    form = ShareholdingForm(request.POST or None)
    return _add(request, enterprise, form, actions.add_shareholding, _("Add a shareholder"))


@login_required
def edit_shareholding(request: SignedIn, pk: int) -> HttpResponse:
    """Correct or end a shareholding."""
    seen = Shareholding.objects.visible_to(request.user).select_related("enterprise")
    holding = get_object_or_404(seen, pk=pk)
    form = ShareholdingForm(request.POST or None, instance=Shareholding.objects.get(pk=pk))
    return _amend(request, holding, holding.enterprise, form, actions.amend_shareholding)


@login_required
def edit_site(request: SignedIn, pk: int) -> HttpResponse:
    """Correct a site."""
    site = get_object_or_404(Site.objects.visible_to(request.user).select_related("enterprise"), pk=pk)
    form = SiteForm(request.POST or None, instance=Site.objects.get(pk=pk))
    return _amend(request, site, site.enterprise, form, actions.amend_site)


@login_required
def edit_product(request: SignedIn, pk: int) -> HttpResponse:
    """Correct a product."""
    product = get_object_or_404(Product.objects.visible_to(request.user).select_related("enterprise"), pk=pk)
    form = ProductForm(
        request.POST or None, instance=Product.objects.get(pk=pk), enterprise=product.enterprise
    )
    return _amend(request, product, product.enterprise, form, actions.amend_product)


@login_required
def edit_park(request: SignedIn, pk: int) -> HttpResponse:
    """Correct a park."""
    park = get_object_or_404(Park.objects.visible_to(request.user).select_related("manager"), pk=pk)
    form = ParkForm(request.POST or None, instance=Park.objects.get(pk=pk))
    return _amend(request, park, park.manager, form, actions.amend_park)


def _seen(request: SignedIn, pk: int) -> Enterprise:
    found = Enterprise.objects.visible_to(request.user).select_related("region__parent", "industry")
    return get_object_or_404(found, pk=pk)


def _add(request: SignedIn, enterprise: Enterprise, form: Any, action: Any, title: str) -> HttpResponse:
    must(request.user, enterprise, "edit")
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            made = action(enterprise, by=request.user, **form.cleaned_data)
            messages.success(request, _("Added: %(name)s.") % {"name": made})
            return (
                redirect("site", made.pk) if isinstance(made, Site) else redirect("enterprise", enterprise.pk)
            )
    return _form(request, form, enterprise, title)


def _amend(request: SignedIn, thing: Any, enterprise: Enterprise, form: Any, action: Any) -> HttpResponse:
    must(request.user, enterprise, "edit")
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            _unchanged(request, thing, form)
            action(thing, by=request.user, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return (
                redirect("site", thing.pk)
                if isinstance(thing, Site)
                else redirect("enterprise", enterprise.pk)
            )
    return _form(request, form, enterprise, str(thing), thing=thing)


def _mark(thing: Any, form: Any) -> str:
    """A mark of what is stored in the form's fields; a form that was filled from something else is late."""
    return digest(
        "", canonical({name: getattr(thing, f"{name}_id", getattr(thing, name)) for name in form.fields})
    )[:16]


def _unchanged(request: SignedIn, thing: Any, form: Any) -> None:
    if request.POST.get("seen", _mark(thing, form)) != _mark(thing, form):
        raise Refused(
            _("Somebody changed this meanwhile. Compare with the page, then save once more."), code="changed"
        )


def _form(
    request: SignedIn, form: Any, enterprise: Enterprise, title: str, thing: Any = None
) -> HttpResponse:
    seen = "" if thing is None else _mark(thing, form)
    context = {"form": form, "enterprise": enterprise, "title": title, "seen": seen}
    return render(request, "suppliers/enterprise/form.html", context, status=status_of(form))
