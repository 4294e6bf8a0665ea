"""The app of enterprises, what they report, and whom they supply."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SuppliersConfig(AppConfig):
    """Below certification, above the ground."""

    name = "suppliers"
    verbose_name = _("Suppliers")
