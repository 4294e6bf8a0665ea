"""Answers that are files."""

from rest_framework.renderers import JSONRenderer


class AsIs(JSONRenderer):
    """For views that hand over a file, whatever type is asked for; problems stay JSON."""

    media_type = "*/*"
    format = "file"
