"""Making many tables in one step of a migration.

Django renders a model and all that hang together with it anew for each operation; for a hundred models that is most of
a minute before the first page. Here they are rendered once.
"""

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation


class MakeTables(Operation):
    """Like these operations one after the other, for tables that are not there yet.

    Models are created with all that later operations of the list add to them: fields, constraints, indexes.
    """

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = list(operations)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Name and arguments, as Django writes operations down."""
        return type(self).__qualname__, [self.operations], {}

    def state_forwards(self, app_label: str, state: Any) -> None:
        """All of them on a state that is not rendered, which is then rendered when somebody asks."""
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:  # noqa: ARG002 - Django's
        """Each table, whole; references are added when all are there."""
        for name in self._names():
            schema_editor.create_model(to_state.apps.get_model(app_label, name))

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:  # noqa: ARG002 - as above
        """Drop them, the last first."""
        for name in reversed(self._names()):
            schema_editor.delete_model(from_state.apps.get_model(app_label, name))

    def describe(self) -> str:
        """What ``migrate --plan`` prints."""
        return f"Make {len(self._names())} tables"

    def _names(self) -> list[str]:
        return [operation.name for operation in self.operations if isinstance(operation, CreateModel)]
