"""Incentives: what authorities and buyers give for a title, as data with its source."""
