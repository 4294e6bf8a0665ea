"""The accounts app: people, roles, keys."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Ground layer: who signs in."""

    name = "greenchain.accounts"
    verbose_name = _("Accounts")
    label = "accounts"
