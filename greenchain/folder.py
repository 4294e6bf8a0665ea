"""What a folder on one machine has of its own: a secret and a socket."""

import hashlib
import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path


def local_secret(folder: Path) -> str:
    """A secret of this folder's own, made once: it serves one machine, never a server on the internet."""
    place = folder / "secret-key"
    if not place.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f"secret-key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        with suppress(FileExistsError):
            os.link(draft, place)  # the first of several processes wins
        draft.unlink()
    return place.read_text()


def local_socket(folder: Path) -> Path:
    """Where the embedded broker listens: a socket's path may hold no more than about 100 bytes."""
    place = folder / "valkey.sock"
    if len(os.fsencode(place)) <= 100:  # noqa: PLR2004 - the limit is 103 on macOS, 107 on Linux
        return place
    mark = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"greenchain-{os.getuid()}-{mark}.sock"
