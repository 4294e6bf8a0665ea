"""A small scheme file that is without fault, and parts to put into it."""

HEAD = """\
key = "small"
prefix = "SM"
version = "1"
names = { en = "Small", zh-hans = "小", id = "Kecil" }
version_names = { en = "First", zh-hans = "第一版", id = "Pertama" }
subject = "site"
effective_on = 2026-01-01
clause = "a clause"
max = 100
checks = ["evidence.missing"]
EXTRA

[commitment]
en = "We declare."
zh-hans = "我们承诺。"
id = "Kami menyatakan."

[[sources]]
key = "ours"
mark = "suggestion"
texts = { en = "Ours", zh-hans = "本平台", id = "Milik kami" }

[[levels]]
level = "provincial"
pass_score = 60
from = { pass_score = "ours" }

[procedure]
notice_days = 5
desk_days = 10
return_days = 10
max_returns = 3
appeal_days = 30
barred_years = 3
evaluation = "none"
panel = false

[procedure.from]
notice_days = "ours"
desk_days = "ours"
return_days = "ours"
max_returns = "ours"
appeal_days = "ours"
barred_years = "ours"
evaluation = "ours"
panel = "ours"

[[form]]
key = "contact_name"
kind = "text"
names = { en = "Contact", zh-hans = "联系人", id = "Penghubung" }
"""

MEASURED = 'kind = "quantitative"\nformula = "energy_tce"\nunit = "tce"\n'
JUDGED = 'kind = "qualitative"\n'
NAMED = 'names = { en = "N", zh-hans = "名", id = "N" }\n'


def block(code: str, weight: float | str) -> str:
    """A block."""
    return f'\n[[blocks]]\ncode = "{code}"\nweight = {weight}\n{NAMED}from = {{ weight = "ours" }}\n'


def indicator(code: str, block: str, weight: float | str, how: str = JUDGED, **numbers: float) -> str:
    """An indicator; ``how`` is MEASURED or JUDGED with further lines, ``numbers`` stand with a source."""
    lines = "".join(f"{key} = {value}\n" for key, value in numbers.items())
    sourced = ", ".join(f'{key} = "ours"' for key in ("weight", *numbers))
    head = f'\n[[indicators]]\ncode = "{code}"\nblock = "{block}"\nweight = {weight}\nstage = "use"\n'
    return f"{head}{NAMED}{how}{lines}from = {{ {sourced} }}\n"


def gate(lines: str, kind: str = "basic") -> str:
    """A gate of the scheme's own."""
    return f'\n[[gates]]\nkind = "{kind}"\nclause = "c"\nsource = "ours"\n{NAMED}{lines}\n'


PAPERS = gate('key = "gate.papers"\nevidence = ["green_plan"]')


def small(*parts: str, extra: str = "") -> str:
    """The file's text; ``extra`` are lines at its top. Without parts it has one judged indicator."""
    body = "".join(parts) or block("A", 100) + indicator("A1", "A", 100)
    return HEAD.replace("EXTRA", extra) + PAPERS + body
