"""Who is told of what: a row per chain, verb and addressee. The first row that reaches a person counts.

``chain`` is the model of the entry's row, ``to`` an audience (``audience.py``), ``kind`` one of ``kinds.py``.
``asks until`` says until when the mail asks for something: ``moved`` (the case has left the status or the desk),
``over`` (the case has ended), or verbs, one of which on the same chain answers it. When that has happened before
the mail leaves, it does not leave. A row without it only tells. ``desk`` is whoever must act where the case landed.
A verb that nobody is told of stands here with ``nobody``: that was decided, not forgotten.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

TABLE = """
application | start     | applicant   | progress |
application | submit    | applicant   | progress |
application | check     | applicant   | progress |
application | check     | landing     | work     | moved
application | assign    | assigned    | seat     | over
application | draw      | assigned    | seat     | over
application | decline   | auditors    | work     | moved
application | time_out  | auditors    | work     | moved
application | fall_back | auditors    | work     | moved
application | expert_late | auditors  | work     | moved
application | ask       | applicant   | answer   | over
application | ask_again | applicant   | answer   | over
application | answer    | asker       | work     | over
application | settle_question | applicant | progress |
application | plan_visit   | applicant | answer  | cancel_visit over
application | move_visit   | applicant | answer  | over
application | cancel_visit | applicant | progress |
application | find_on_site | nobody    | progress |
application | sign_visit   | nobody    | progress |
application | finish_visit | applicant | progress |
application | raise_nonconformity | applicant | answer |
application | respond             | asker     | work   |
application | respond             | auditors  | work   |
application | accept_correction   | applicant | progress |
application | reject_correction   | applicant | answer |
application | drop_nonconformity  | applicant | progress |
application | evaluate  | applicant   | progress |
application | evaluate  | landing     | work     | moved
application | correct   | applicant   | progress |
application | send_back | applicant   | answer   | moved
application | send_back | seats       | progress |
application | extend    | applicant   | answer   | moved
application | waive     | applicant   | progress |
application | endorse   | applicant   | progress |
application | endorse   | landing     | work     | moved
application | recall    | applicant   | progress |
application | recall    | auditors    | work     | moved
application | reject    | applicant   | decision |
application | reject    | seats       | seat     |
application | score     | auditors    | work     | moved
application | conclude  | applicant   | progress |
application | conclude  | landing     | work     | moved
application | select    | applicant   | decision |
application | select    | landing     | work     | moved
application | pass_over | applicant   | decision |
application | contest   | approvers   | work     | dismiss uphold
application | relay     | applicant   | answer   | comment moved
application | comment   | approvers   | work     | dismiss uphold
application | dismiss   | applicant   | progress |
application | dismiss   | objectors   | decision |
application | uphold    | applicant   | decision |
application | uphold    | objectors   | decision |
application | uphold    | landing     | work     | moved
application | close     | applicant   | progress |
application | close     | landing     | work     | moved
application | grant     | applicant   | decision |
application | refuse    | applicant   | decision |
application | withdraw  | applicant   | decision |
application | withdraw  | auditors    | work     |
application | withdraw  | seats       | seat     |
application | lapse     | applicant   | decision |
application | lapse     | seats       | seat     |
application | escalate  | applicant   | progress |
application | escalate  | landing     | work     | moved
application | escalate  | late_desk   | work     |
application | appeal    | judges      | work     | confirm overturn
application | appeal    | applicant   | progress |
application | confirm   | applicant   | decision |
application | overturn  | applicant   | decision |
application | overturn  | landing     | work     | moved
designation | issue     | holder      | decision |
designation | propose   | holder      | answer   | reply over
designation | propose   | keepers     | work     | suspend revoke over
designation | suspend   | holder      | decision |
designation | suspend   | buyers      | chain    |
designation | reinstate | holder      | decision |
designation | revoke    | holder      | decision |
designation | revoke    | buyers      | chain    |
designation | surrender | holder      | decision |
designation | surrender | keepers     | work     |
designation | surrender | buyers      | chain    |
designation | expire    | holder      | decision |
designation | expire    | buyers      | chain    |
designation | supersede | holder      | progress |
designation | amend     | holder      | decision |
designation | link      | holder      | progress |
designation | unlink    | unlinked    | progress |
designation | appeal    | judges      | work     | confirm overturn
designation | appeal    | holder      | progress |
designation | confirm   | holder      | decision |
designation | overturn  | holder      | decision |
designation | end       | holder      | decision |
designation | end       | buyers      | chain    |
designation | restore_title | holder  | decision |
designation | remind_duty | late_holder | reminder |
designation | invite    | holder      | reminder |
designation | hold      | keepers     | work     | confirm_hold reinstate over
designation | hold_overdue | keepers  | work     | confirm_hold reinstate over
designation | confirm_hold | holder   | decision |
designation | drop_proposal | holder  | decision |
designation | give_opinion | holder   | answer   |
designation | reply     | keepers     | work     | suspend revoke over
authority   | brief_reviewers | reviewers | brief |
compliancerecord | enter          | buyers | chain |
compliancerecord | confirm_record | buyers | chain |
complaint   | confirm_complaint  | complaint_officers | work   | take_complaint decide_complaint withdraw_complaint
complaint   | fall_back          | complaint_officers | work   | take_complaint decide_complaint withdraw_complaint
complaint   | pass_up            | complaint_officers | work   | take_complaint decide_complaint withdraw_complaint
complaint   | take_complaint     | nobody            | progress |
complaint   | decide_complaint   | nobody            | progress |
complaint   | ask_holder         | complained_of      | answer | reply_complaint decide_complaint withdraw_complaint
complaint   | reply_complaint    | complaint_taker    | work   | decide_complaint withdraw_complaint
complaint   | withdraw_complaint | complaint_taker    | work   |
claim       | claim         | claim_desk | work    | confirm_claim refuse_claim
claim       | confirm_claim | claimant | decision |
claim       | refuse_claim  | claimant | decision |
enterprise  | ask_hand_over | members | progress |
enterprise  | hand_over | members     | decision |
enterprise  | remind    | members     | reminder |
invitation  | send_invitation      | invited  | chain | accept_invitation decline_invitation
invitation  | remind_supplier      | invited  | chain | decline_invitation
invitation  | accept_invitation    | inviters | chain |
invitation  | decline_invitation   | inviters | chain |
consent     | give_consent         | consented | chain |
consent     | withdraw_consent     | consented | chain |
consent     | end_consent          | consented | chain |
consent     | end_consent          | givers   | chain |
consent     | resume_consent       | givers   | chain |
supplieraudit | ask_supplier   | audited  | chain |
supplieraudit | answer_finding | auditing | chain |
supplieraudit | plan_audit     | nobody   | chain |
supplieraudit | move_audit     | nobody   | chain |
supplieraudit | finish_audit   | nobody   | chain |
supplieraudit | cancel_audit   | nobody   | chain |
supplieraudit | raise_finding  | nobody   | chain |
supplieraudit | close_finding  | nobody   | chain |
answerset   | ask_to_confirm       | answerers | reminder | confirm_answers
answerset   | confirm_answers      | nobody    | reminder |
invitation  | claim_by_invitation  | nobody   | chain |
invitation  | cancel_invitation    | nobody   | chain |
invitation  | stop_invitations     | nobody   | chain |
"""


@dataclass(frozen=True, slots=True)
class Telling:
    """One row of the table."""

    chain: str
    verb: str
    to: str
    kind: str
    asks: str = ""


def _rows() -> Iterator[Telling]:
    for line in filter(None, map(str.strip, TABLE.splitlines())):
        yield Telling(*(cell.strip() for cell in line.split("|")))


TELLINGS = {
    key: tuple(rows)
    for key, rows in groupby(
        sorted(_rows(), key=lambda row: (row.chain, row.verb)), key=lambda row: (row.chain, row.verb)
    )
}
VERBS = frozenset(verb for _chain, verb in TELLINGS) | {"remind_due"}
"""What the record is followed for."""
