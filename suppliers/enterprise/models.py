"""Enterprises, the people who act for them, and what they have."""

from suppliers.enterprise.identity import Enterprise, FormerName
from suppliers.enterprise.people import Membership, Shareholding
from suppliers.enterprise.premises import Park, Product, Site, Subject, Tenancy, key_of, owner_of

__all__ = [
    "Enterprise",
    "FormerName",
    "Membership",
    "Park",
    "Product",
    "Shareholding",
    "Site",
    "Subject",
    "Tenancy",
    "key_of",
    "owner_of",
]
