"""Duties of titles, and what is done where they are not met."""
