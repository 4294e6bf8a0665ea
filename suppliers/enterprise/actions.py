"""Keep an enterprise's own affairs: what it is, its people, its sites, products and parks."""

import datetime as dt
from typing import Any, TypedDict, TypeVar, Unpack

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from greenchain.accounts.models import Role, User
from greenchain.audit.trail import record
from greenchain.clock import today
from greenchain.refusals import Refused
from suppliers.enterprise.access import must
from suppliers.enterprise.identifiers import fault, normalise
from suppliers.enterprise.models import (
    Enterprise,
    FormerName,
    Membership,
    Park,
    Product,
    Shareholding,
    Site,
    Tenancy,
)

Thing = TypeVar("Thing", Site, Product, Park, Shareholding)

DETAILS = (
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
FIELDS: dict[type[models.Model], tuple[str, ...]] = {
    Enterprise: DETAILS,
    Site: ("name", "name_en", "region", "address", "address_en", "postal_code", "industry", "above_scale"),
    Product: ("name", "name_en", "site", "code"),
    Park: ("name", "name_en", "kind", "region", "address"),
    Shareholding: ("name", "identifier", "share", "since_on", "until_on"),
}
"""What may be given of each."""


class Terms(TypedDict, total=False):
    """On what terms a person is admitted; from today and without end unless said otherwise."""

    consultant: bool
    since_on: dt.date
    until_on: dt.date | None


@transaction.atomic
def note(*, by: User, scheme: str, identifier: str, country: str, name: str, **details: Any) -> Enterprise:
    """An enterprise is known by its identifier, unclaimed: nobody acts for it yet.

    Where it is known already, that row comes back unchanged.
    """
    identifier = sound_identifier(scheme, identifier, country)
    known = Enterprise.objects.identified(scheme, identifier).first()
    if known is not None:
        return known
    enterprise = Enterprise(scheme=scheme, identifier=identifier, country=country, name=name.strip())
    _fill(enterprise, details)
    _save(enterprise)
    record("note", enterprise, by=by, scheme=scheme, identifier=identifier, name=enterprise.name)
    return enterprise


@transaction.atomic
def amend(enterprise: Enterprise, *, by: User, **details: Any) -> Enterprise:
    """What is given of name, English name, place, industry, address and contact is as given.

    A registered name that changes stays findable as a former name; only an owner changes it.
    """
    row = Enterprise.objects.select_for_update(of=("self",)).get(pk=enterprise.pk)
    must(by, row, "own" if "name" in details and details["name"] != row.name else "edit")
    old_name = row.name
    changed = _fill(row, details)
    if changed:
        if row.name != old_name:
            FormerName.objects.get_or_create(enterprise=row, name=old_name, defaults={"until_on": today()})
        _save(row)
        record("amend", row, by=by, changed=changed)
    return row


@transaction.atomic
def admit(
    enterprise: Enterprise,
    *,
    by: User,
    person: User,
    role: str,
    **terms: Unpack[Terms],
) -> Membership:
    """``person`` acts for the enterprise; a consultant for a stated time and never as owner."""
    must(by, enterprise, "own")
    if person.role != Role.ENTERPRISE:
        raise Refused(
            _("Officials, evaluators and experts cannot act for an enterprise."), code="role", field="person"
        )
    consultant, until_on = terms.get("consultant", False), terms.get("until_on")
    if consultant and (until_on is None or role == Membership.Role.OWNER):
        raise Refused(
            _("A consultant is admitted until a stated day, as editor or viewer."),
            code="consultant",
            field="until_on",
        )
    Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    if Membership.objects.running().filter(enterprise=enterprise, user=person).exists():
        raise Refused(_("This person is a member already."), code="already_done", field="person")
    membership = Membership(
        user=person,
        enterprise=enterprise,
        role=role,
        **terms,
    )
    _save(membership)
    record(
        "admit", membership, by=by, enterprise=enterprise.pk, person=person.pk, role=role, until_on=until_on
    )
    return membership


@transaction.atomic
def dismiss(membership: Membership, *, by: User) -> Membership:
    """The person no longer acts for the enterprise as of today; the last owner stays."""
    Enterprise.objects.select_for_update().get(pk=membership.enterprise_id)
    row = (
        Membership.objects.select_for_update(of=("self",)).select_related("enterprise").get(pk=membership.pk)
    )
    if row.user_id != by.pk:
        must(by, row.enterprise, "own")
    if row.ended:
        raise Refused(_("This membership has ended already."), code="already_done")
    owners = Membership.objects.owners().filter(enterprise=row.enterprise_id)
    if owners.filter(pk=row.pk).exists() and not owners.exclude(pk=row.pk).exists():
        words = _(
            "The last owner cannot leave: admit another owner first. Who is a member already is removed and admitted "
            "anew as owner."
        )
        raise Refused(words, code="last_owner")
    row.until_on = today() - dt.timedelta(days=1)
    row.save(update_fields=["until_on"])
    record("dismiss", row, by=by, enterprise=row.enterprise_id, person=row.user_id)
    return row


def add_site(enterprise: Enterprise, *, by: User, **fields: Any) -> Site:
    """The enterprise has one more site; it needs a name, a region with a desk, an address and an industry."""
    return _add(Site(enterprise=enterprise), by, fields)


def amend_site(site: Site, *, by: User, **fields: Any) -> Site:
    """What is given of the site is as given."""
    return _amend(site, by, fields)


def add_product(enterprise: Enterprise, *, by: User, **fields: Any) -> Product:
    """The enterprise makes one more product."""
    return _add(Product(enterprise=enterprise), by, fields)


def amend_product(product: Product, *, by: User, **fields: Any) -> Product:
    """What is given of the product is as given."""
    return _amend(product, by, fields)


def add_park(manager: Enterprise, *, by: User, **fields: Any) -> Park:
    """The enterprise manages one more park."""
    return _add(Park(manager=manager), by, fields)


def amend_park(park: Park, *, by: User, **fields: Any) -> Park:
    """What is given of the park is as given."""
    return _amend(park, by, fields)


def add_shareholding(enterprise: Enterprise, *, by: User, **fields: Any) -> Shareholding:
    """One more owns a part of the enterprise."""
    return _add(Shareholding(enterprise=enterprise), by, fields)


def amend_shareholding(holding: Shareholding, *, by: User, **fields: Any) -> Shareholding:
    """What is given of the holding is as given; one that ended gets its last day."""
    return _amend(holding, by, fields)


@transaction.atomic
def house(park: Park, site: Site, *, by: User, since_on: dt.date | None = None) -> Tenancy:
    """The site is a tenant of the park."""
    must(by, park.manager, "edit")
    Park.objects.select_for_update().get(pk=park.pk)
    if Tenancy.objects.current().filter(park=park, site=site).exists():
        raise Refused(_("This site is a tenant already."), code="already_done", field="site")
    tenancy = Tenancy.objects.create(park=park, site=site, since_on=since_on or today())
    record("house", tenancy, by=by, park=park.pk, site=site.pk)
    return tenancy


def sound_identifier(scheme: str, text: str, country: str) -> str:
    """The identifier in its one form; Refused with what is wrong with it."""
    identifier = normalise(scheme, text)
    wrong = fault(scheme, identifier, country)
    if wrong is not None:
        raise Refused(wrong, code="identifier", field="identifier")
    return identifier


@transaction.atomic
def _add(row: Thing, by: User, fields: dict[str, Any]) -> Thing:
    keeper = _keeper(row)
    must(by, keeper, "edit")
    given = _fill(row, fields)
    _save(row)
    verb = f"add_{type(row).__name__.lower()}"
    record(verb, row, by=by, enterprise=keeper.pk, given={name: new for name, (_old, new) in given.items()})
    return row


@transaction.atomic
def _amend(row: Thing, by: User, fields: dict[str, Any]) -> Thing:
    must(by, _keeper(row), "edit")
    locked = type(row).objects.select_for_update().get(pk=row.pk)
    changed = _fill(locked, fields)
    if changed:
        _save(locked)
        record(f"amend_{type(row).__name__.lower()}", locked, by=by, changed=changed)
    return locked


def _keeper(row: Site | Product | Park | Shareholding) -> Enterprise:
    return row.manager if isinstance(row, Park) else row.enterprise


def _fill(row: models.Model, given: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Set what is given; answers old and new, as text, of what changed."""
    unknown = set(given) - set(FIELDS[type(row)])
    if unknown:
        raise TypeError(f"{type(row).__name__} takes no {', '.join(sorted(unknown))}")
    changed = {}
    for name, value in given.items():
        new = value.strip() if isinstance(value, str) else value
        key = new.pk if isinstance(new, models.Model) else new
        old = getattr(row, f"{name}_id" if hasattr(type(row), f"{name}_id") else name)
        if old != key:
            changed[name] = (_text(old), _text(key))
            setattr(row, name, new)
    return changed


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _save(row: models.Model) -> None:
    """Save what is whole; what is not is Refused by its first faulty field."""
    if isinstance(row, Site | Park) and row.region_id and row.region.desk_id is None:
        raise Refused(
            _("No authority on this platform answers for this region."), code="no_desk", field="region"
        )
    if isinstance(row, Product) and row.site is not None and row.site.enterprise_id != row.enterprise_id:
        raise Refused(_("This site belongs to another enterprise."), code="another_enterprise", field="site")
    try:
        row.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refused(messages[0], code="invalid", field=None if field == "__all__" else field) from error
    row.save()
