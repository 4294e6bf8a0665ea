"""A letter as PDF, made once from its frozen content; the same letter gives the same bytes."""

import hashlib
import json
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import transaction
from django.http import HttpResponse

from certification.designation.certificate import compiler
from certification.letter.models import Letter, LetterPaper

TEMPLATE = Path(__file__).with_name("letter.typ")


def render(letter: Letter) -> bytes:
    """The letter as PDF/A-3b. Where somebody typed a sign that our fonts lack, it is a plain PDF."""
    from typst import TypstError  # noqa: PLC0415 - only where a letter is made

    told = {**letter.content, "number": letter.number, "digest": letter.digest}
    inputs = {"told": json.dumps(_plain(told), ensure_ascii=False)}
    given = {"input": str(TEMPLATE), "format": "pdf", "sys_inputs": inputs}
    try:
        return bytes(compiler(TEMPLATE.parent).compile(**given, pdf_standards=["a-3b"]))
    except TypstError:
        return bytes(compiler(TEMPLATE.parent).compile(**given))


def _plain(value: object) -> object:
    """Without signs that no document may hold."""
    if isinstance(value, str):
        return "".join(sign for sign in value if sign in "\n\t" or sign.isprintable())
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return {key: _plain(each) for key, each in value.items()} if isinstance(value, dict) else value


def pdf_of(letter: Letter) -> bytes:
    """The PDF as it was first made; made and kept now if nobody asked before, or if the store lost it."""
    with transaction.atomic():
        Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
        paper = LetterPaper.objects.filter(letter=letter).first()
        if paper is None:
            content = render(letter)
            paper = LetterPaper(letter=letter, sha256=hashlib.sha256(content).hexdigest())
            paper.file.save(f"{letter.number}.pdf", ContentFile(content), save=False)
            paper.save()
            return content
    try:
        with paper.file.open("rb") as stored:
            content = bytes(stored.read())
    except OSError:
        content = b""
    return content if hashlib.sha256(content).hexdigest() == paper.sha256 else render(letter)


def answer(found: Letter) -> HttpResponse:
    """The bytes, never kept by a proxy."""
    headers = {
        "Content-Disposition": f'inline; filename="{found.number}.pdf"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(pdf_of(found), content_type="application/pdf", headers=headers)
