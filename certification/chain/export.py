"""A buyer's suppliers as a sheet: what the page shows, row by row."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from certification.chain.status import State
from certification.chain.tally import Row
from certification.chain.told import Line
from suppliers.place.models import Level

HEAD = (
    "supplier supplier_en identifier country region state level sites green_sites title kind material vendor_code "
    "spend_10k_cny share_of_purchases since_on until_on link declared_by"
).split()


TIERS = (
    "tier suppliers green partly not_green violations green_by_number green_by_spend green_by_output".split()
)


def tier_cells(lines: Iterable[Line]) -> Iterator[Sequence[object]]:
    """A row per tier under ``TIERS``, 0 for all together; shares are 0 to 1, empty where they may not be told."""
    for line in lines:
        tier, partly = line.tier, line.tier.states.get(State.PARTLY, 0)
        shares = (tier.green_share, line.spend, tier.green_output_share)
        counts = (tier.number, tier.suppliers, tier.green, partly, tier.suppliers - tier.green - partly)
        yield (*counts, tier.violations, *("" if share is None else f"{share:.3f}" for share in shares))


def cells(rows: Iterable[Row]) -> Iterator[Sequence[object]]:
    """The rows as cells under ``HEAD``."""
    return map(_cells, rows)


def _plain(number: Decimal | None) -> str:
    """Without the zeros that one database writes and the other does not."""
    return "" if number is None else f"{number.normalize():f}"


def _cells(row: Row) -> tuple[object, ...]:
    link, held = row.link, row.holding
    supplier, title = link.supplier, held.title
    return (
        supplier.name,
        supplier.name_en,
        supplier.identifier,
        supplier.country,
        supplier.region_id,
        row.state.value,
        Level(held.best.level).word if held.best else "",
        len(held.sites),
        held.green_sites,
        title.number if title else "",
        link.kind,
        link.material,
        link.vendor_code,
        _plain(link.shown_spend),
        _plain(link.shown_share),
        link.since_on,
        link.until_on,
        link.standing.value,
        link.declared_by.identifier,
    )
