"""What the notices' tests share."""

from tests.portal.conftest import signed_in

__all__ = ["signed_in"]
