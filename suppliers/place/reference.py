"""Who has reference data to load, in which order: this app first, then what higher layers register."""

from collections.abc import Callable

Loader = Callable[[], int]
_loaders: dict[str, Loader] = {}


def reference_loader(name: str) -> Callable[[Loader], Loader]:
    """Have ``manage.py load_reference`` call the function, which returns how many rows it stands for.

    Called in the order of registration, after regions, authorities and industries; running twice must
    leave what running once left.
    """

    def register(loader: Loader) -> Loader:
        _loaders[name] = loader
        return loader

    return register


def registered() -> dict[str, Loader]:
    """Every loader by name."""
    return dict(_loaders)
