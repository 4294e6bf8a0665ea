"""After a commit, start the due task at once, so that people do not wait for the clock."""

from certification.chain.causes import VERBS
from certification.scheme.subject import KEYS
from certification.sourcing.actions.grades import VERBS as GRADING
from greenchain.audit.models import AuditEntry
from greenchain.audit.trail import nudge
from greenchain.jobs.queue import send


@nudge("submit")
def check_now(entry: AuditEntry) -> None:
    """Check what was submitted."""
    model, _colon, key = entry.chain.partition(":")
    if model == "application":
        send("certification.tasks.check", int(key))


@nudge("endorse", "score", "decline", "expert_late", "overturn", "fall_back", "enter_expert", "amend_expert")
def draw_now(_entry: AuditEntry) -> None:
    """A panel may be short of experts: draw."""
    send("certification.tasks.draw_experts")


@nudge(*VERBS)
def alert_now(entry: AuditEntry) -> None:
    """Tell the buyers above; what direct buyers count of their suppliers is checked again."""
    send("certification.tasks.alert")
    send("certification.tasks.recheck_buyers", entry.pk)


@nudge(*GRADING)
def regrade_now(_entry: AuditEntry) -> None:
    """A grade of a supplier may differ."""
    send("certification.tasks.regrade_suppliers")


@nudge("enter", "clear", "confirm_record", "refute", "retract", "replace", "inspect")
def recheck_now(entry: AuditEntry) -> None:
    """A record or a piece of evidence changed: the cases that read it are checked again."""
    if (enterprise := entry.data.get("enterprise")) is not None:
        send("certification.tasks.recheck_about", int(enterprise))


@nudge("prepare_codes")
def grade_now(entry: AuditEntry) -> None:
    """Compute the dry run that was asked for."""
    send("certification.tasks.grade", int(entry.chain.partition(":")[2]))


@nudge("report")
def recheck_subject(entry: AuditEntry) -> None:
    """A subject's figures changed: what was submitted may differ from them now."""
    for kind in KEYS:
        if (key := entry.data.get(kind)) is not None:
            send("certification.tasks.recheck_subject", kind, int(key))


@nudge("declare", "amend_link", "confirm_link", "dispute", "end")
def recheck_buyer(entry: AuditEntry) -> None:
    """A supply chain changed: the buyer's cases read it."""
    if (buyer := entry.data.get("buyer")) is not None:
        send("certification.tasks.recheck_about", int(buyer))


@nudge("import_links")
def recheck_importer(entry: AuditEntry) -> None:
    """A whole sheet of suppliers came in; the entry is about the buyer."""
    send("certification.tasks.recheck_about", int(entry.chain.partition(":")[2]))


@nudge("enter_benchmark")
def recheck_version(entry: AuditEntry) -> None:
    """A benchmark was entered: every open case under the version is scored anew."""
    send("certification.tasks.recheck_version", int(entry.data["scheme_version"]))


@nudge("release")
def release_now(entry: AuditEntry) -> None:
    """Decide the cases of the batch that an approver released."""
    send("certification.tasks.release", int(entry.chain.partition(":")[2]))


@nudge("package")
def package_now(entry: AuditEntry) -> None:
    """Make the print package that was asked for."""
    send("certification.tasks.package", int(entry.chain.partition(":")[2]))


@nudge("study")
def study_now(entry: AuditEntry) -> None:
    """Compute the impact study that was asked for."""
    send("certification.tasks.study", int(entry.chain.partition(":")[2]))
