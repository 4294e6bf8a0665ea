"""A buyer that manages its suppliers: the cast's enterprise, with suppliers of every state."""

from certification.models import SupplierGrade
from suppliers.models import Enterprise
from tests.chain.conftest import chains, signed_in

__all__ = ["chains", "grade_of", "signed_in"]


def grade_of(buyer: Enterprise, supplier: Enterprise) -> SupplierGrade:
    """The grade that holds."""
    return SupplierGrade.objects.current().get(buyer=buyer, supplier=supplier)
