"""What an approved change does to the enterprise itself, its people, sites, products and parks; and the way back.

Each step notes in ``moved`` what it did. Rules of ours: in a merger owners of the one that ends become editors of the
other, which has owners of its own; where a name stands there already, the old enterprise's name is added in brackets.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from greenchain.clock import today
from suppliers.enterprise.changes import EnterpriseChange
from suppliers.enterprise.models import Enterprise, FormerName, Membership, Park, Product, Site

THINGS: dict[str, tuple[type[Any], str]] = {
    "site": (Site, "enterprise"),
    "product": (Product, "enterprise"),
    "park": (Park, "manager"),
}
"""What belongs to an enterprise, and by which key."""
Kind = EnterpriseChange.Kind


def apply(change: EnterpriseChange) -> None:
    """Do it."""
    {
        Kind.RENAME: _rename,
        Kind.MERGER: _merge,
        Kind.SPLIT: _split,
        Kind.RELOCATION: _relocate,
        Kind.SCOPE: _nothing,
    }[Kind(change.kind)](change)


def _nothing(_change: EnterpriseChange) -> None:
    """The titles are looked at again; nothing else follows."""


def _rename(change: EnterpriseChange) -> None:
    row = Enterprise.objects.select_for_update(of=("self",)).get(pk=change.enterprise_id)
    change.moved["name"] = [row.name, row.name_en]
    former, made = FormerName.objects.get_or_create(
        enterprise=row, name=change.before, defaults={"until_on": change.happened_on}
    )
    if not made:
        FormerName.objects.filter(pk=former.pk).update(until_on=change.happened_on)
    change.moved["former"] = former.pk if made else None
    row.name, row.name_en = change.name, change.name_en or row.name_en
    row.save(update_fields=["name", "name_en"])
    things = {}
    for kind, (model, owner) in THINGS.items():
        for thing in model._default_manager.filter(**{owner: row, "name__contains": change.before}):
            things[f"{kind}:{thing.pk}"] = thing.name
            thing.name = thing.name.replace(change.before, change.name)[:200]
            thing.save(update_fields=["name"])
    change.moved["things"] = things


def _merge(change: EnterpriseChange) -> None:
    assert change.other is not None  # noqa: S101 - told with it
    _move_people(change)
    change.moved["owned"] = {
        kind: _move(model._default_manager.filter(**{owner: change.enterprise_id}), owner, change)
        for kind, (model, owner) in THINGS.items()
    }
    former, made = FormerName.objects.get_or_create(
        enterprise=change.other, name=change.enterprise.name, defaults={"until_on": change.happened_on}
    )
    change.moved["former"] = former.pk if made else None


def _split(change: EnterpriseChange) -> None:
    assert change.other is not None  # noqa: S101 - told with it
    sites = [site.pk for site in change.sites.all()]
    products = Product.objects.filter(site__in=sites)
    moved = {"site": _move(Site.objects.filter(pk__in=sites), "enterprise", change)}
    change.moved["owned"] = {**moved, "product": _move(products, "enterprise", change)}
    owners = Membership.objects.current().filter(enterprise=change.other, role=Membership.Role.OWNER)
    if not owners.exists():
        made = Membership.objects.create(
            enterprise=change.other, user=change.told_by, role=Membership.Role.OWNER, since_on=today()
        )
        change.moved["people"] = {"made": [made.pk], "ended": {}}


def _relocate(change: EnterpriseChange) -> None:
    assert change.site_id is not None  # noqa: S101 - told with it
    site = Site.objects.select_for_update(of=("self",)).get(pk=change.site_id)
    change.moved["place"] = [site.region_id, site.address]
    site.region, site.address = change.region, change.address  # type: ignore[assignment]
    site.save(update_fields=["region", "address"])


def _move(things: Iterable[Any], owner: str, change: EnterpriseChange) -> dict[str, str]:
    """Each thing goes to the other enterprise; keys and the names that they had."""
    moved = {}
    for thing in things:
        moved[str(thing.pk)] = thing.name
        theirs = type(thing)._default_manager.filter(**{owner: change.other_id}, name=thing.name)
        if theirs.exists():
            thing.name = f"{thing.name[:100]} ({change.enterprise.name[:90]})"
        setattr(thing, f"{owner}_id", change.other_id)
        thing.save(update_fields=["name", owner])
    return moved


def _move_people(change: EnterpriseChange) -> None:
    assert change.other is not None  # noqa: S101 - told with it
    there = set(
        Membership.objects.running().filter(enterprise=change.other_id).values_list("user", flat=True)
    )
    made, ended = [], {}
    for row in Membership.objects.current().filter(enterprise=change.enterprise_id):
        ended[str(row.pk)] = row.until_on.isoformat() if row.until_on else None
        if row.user_id not in there:
            role = Membership.Role.EDITOR if row.role == Membership.Role.OWNER else row.role
            made.append(
                Membership.objects.create(
                    user_id=row.user_id,
                    enterprise=change.other,
                    role=role,
                    consultant=row.consultant,
                    since_on=today(),
                    until_on=row.until_on,
                ).pk
            )
        Membership.objects.filter(pk=row.pk).update(until_on=today() - dt.timedelta(days=1))
    change.moved["people"] = {"made": made, "ended": ended}


def undo(change: EnterpriseChange) -> None:
    """Everything noted in ``moved`` goes back; what has changed since by other ways stays as it is."""
    moved = change.moved
    if "name" in moved:
        name, name_en = moved["name"]
        Enterprise.objects.filter(pk=change.enterprise_id).update(name=name, name_en=name_en)
    for key, name in moved.get("things", {}).items():
        kind, _colon, pk = key.partition(":")
        THINGS[kind][0]._default_manager.filter(pk=pk).update(name=name)
    for kind, rows in moved.get("owned", {}).items():
        model, owner = THINGS[kind]
        for pk, name in rows.items():
            back = {"name": name, owner: change.enterprise_id}
            model._default_manager.filter(pk=pk, **{owner: change.other_id}).update(**back)
    if moved.get("former"):
        FormerName.objects.filter(pk=moved["former"]).delete()
    if "place" in moved and change.site_id is not None:
        region, address = moved["place"]
        Site.objects.filter(pk=change.site_id).update(region=region, address=address)
    people = moved.get("people", {"made": [], "ended": {}})
    Membership.objects.filter(pk__in=people["made"]).update(until_on=today() - dt.timedelta(days=1))
    for pk, until_on in people["ended"].items():
        Membership.objects.filter(pk=pk).update(until_on=until_on)
