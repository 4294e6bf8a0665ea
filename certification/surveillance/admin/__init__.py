"""The desk's side of surveillance."""

from certification.surveillance.admin import duties, measures

__all__ = ["duties", "measures"]
