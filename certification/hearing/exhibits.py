"""Files that people bring, taken in through the vault's inspection."""

from collections.abc import Iterable
from typing import Any

from django.core.files.base import ContentFile

from certification.hearing.models import Exhibit
from suppliers.evidence.paper import Upload, examine


def take_in(model: type[Exhibit], uploads: Iterable[Upload], **about: Any) -> list[Any]:
    """Keep the files as rows of ``model``; Refused with the reason where one is not sound."""
    return [_keep(model(**about), upload) for upload in uploads]


def _keep(row: Exhibit, upload: Upload) -> Exhibit:
    paper = examine(upload)
    row.filename, row.media_type = paper.filename, paper.media_type
    row.size, row.sha256 = paper.size, paper.sha256
    upload.seek(0)
    row.file.save(paper.filename, ContentFile(upload.read()), save=False)
    row.save()
    return row
