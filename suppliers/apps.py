"""The app of enterprises, what they report, and whom they supply."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class SuppliersConfig(AppConfig):
    """Below certification, above the ground."""

    name = "suppliers"
    verbose_name = _("Suppliers")

    def ready(self) -> None:
        """Watch what the network stands on; the triggers are made anew after every migrate."""
        from suppliers.evidence import following as _files  # noqa: F401, PLC0415 - as below
        from suppliers.invitation import answering as _claims  # noqa: F401, PLC0415 - as below
        from suppliers.invitation import following as _invitations  # noqa: F401, PLC0415 - as below
        from suppliers.sharing import following as _consents  # noqa: F401, PLC0415 - as below
        from suppliers.supply import following as _links  # noqa: F401, PLC0415 - as below
        from suppliers.supply import journal  # noqa: PLC0415 - apps are not loaded at import

        journal.watch("suppliers_supplylink", journal.LINKS, "{row}.buyer_id")
        journal.watch("suppliers_enterprise", journal.PLACES, "{row}.id")
        pre_migrate.connect(journal.unhook, sender=self, dispatch_uid="suppliers.supply.unhook")
        post_migrate.connect(journal.hook, sender=self, dispatch_uid="suppliers.supply.hook")
