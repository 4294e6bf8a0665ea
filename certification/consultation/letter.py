"""The letter to a department: what is asked, by when, and the list of cases."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from certification.consultation.models import Inquiry
from certification.letters import Letter


def letter_of(inquiry: Inquiry) -> Letter:
    """The letter in the active language."""
    row = inquiry.consultation
    asked = list(row.asked.order_by("place"))
    told = {"day": date_format(row.reply_by, "DATE_FORMAT"), "number": row.number}
    count = ngettext(
        "It concerns the %(count)d unit on the list below.",
        "It concerns the %(count)d units on the list below.",
        len(asked),
    )
    return Letter(
        title=_("Request for an opinion"),
        number=row.number,
        to=f"{inquiry.name}:",
        words=[
            *row.question.splitlines(),
            count % {"count": len(asked)},
            _("Please answer under seal by %(day)s, and name this letter's number %(number)s.") % told,
            _(
                "Please say of each unit: no objection; a concern, and which; or a fact that you confirm, with its "
                "day and source."
            ),
        ],
        sender=row.authority.name,
        date=[row.asked_on.year, row.asked_on.month, row.asked_on.day],
        list_title=_("List of units"),
        head=[_("No."), _("Unit"), _("Credit code"), _("Place"), _("Answer")],
        rows=[[str(one.place), one.name, one.identifier, one.address, ""] for one in asked],
        widths=[0.5, 2.4, 2.1, 2.6, 1.6],
    )
