"""Bodies that more than one action takes."""

from rest_framework import serializers


class NoInput(serializers.Serializer[None]):
    """Nothing needs to be said."""


class Reasons(serializers.Serializer[None]):
    """Why."""

    reasons = serializers.CharField(max_length=4000)
