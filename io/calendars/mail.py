"""Invitations as mail (iMIP, RFC 6047): a text for people, and the calendar with its method for programs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from auditplan.io.calendars.addresses import usable_address
from auditplan.io.calendars.invitations import Invitation, write_file
from auditplan.io.calendars.texts import clean, one_line
from auditplan.io.messages import message
from auditplan.planner.domain import Settings

FOLDER = "mail"
"""The folder of drafts in the folder of calendars."""
LONGEST_NAME = 60
LONGEST_SUBJECT = 150
"""Letters in a header; all of it stands in the calendar."""


def mail_of(invitation: Invitation, settings: Settings, moment: datetime) -> EmailMessage:
    """An invitation as a mail to its recipient, who has an address. moment: the Date, with a zone. The same event
    of the same sequence has the same Message-ID, whenever it is sent."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = _subject(invitation)
    sender = usable_address(settings.organiser_email)
    if sender:
        mail["From"] = _address(settings.organisation, sender)
    mail["To"] = _address(invitation.recipient.name, invitation.recipient.email)
    mail["Date"] = format_datetime(moment)
    notice = invitation.notice
    identity = f"{notice.uid.partition('@')[0]}.{notice.sequence}.{invitation.method.lower()}"
    mail["Message-ID"] = f"<{identity}@auditplan>"
    mail.set_content(_text(invitation), cte="base64")
    mail.add_alternative(
        invitation.content,
        maintype="text",
        subtype="calendar",
        cte="base64",
        params={"method": invitation.method, "charset": "utf-8", "name": "invite.ics"},
    )
    mail.set_boundary(f"=_{identity}")  # else one by chance; base64 has no underscore
    return mail


def _address(name: str, address: str) -> Address:
    """Somebody as a header takes them."""
    return Address(display_name=one_line(name)[:LONGEST_NAME], addr_spec=address)


def _subject(invitation: Invitation) -> str:
    """What a mail is about."""
    code = f"mail-{invitation.notice.cause.value}"
    return one_line(message(code, invitation.recipient.language, summary=invitation.summary))[:LONGEST_SUBJECT]


def _text(invitation: Invitation) -> str:
    """What a mail says to people."""
    occasion, language = invitation.notice.occasion, invitation.recipient.language
    if occasion is None:
        return message("mail-text-dropped", language, summary=invitation.summary) + "\n"
    start, end = occasion.start, occasion.end
    shape = "%Y-%m-%d %H:%M" if isinstance(start, datetime) else "%Y-%m-%d"
    if not isinstance(start, datetime):
        end -= timedelta(days=1)
    return (
        message(
            "mail-text",
            language,
            summary=invitation.summary,
            start=start.strftime(shape),
            end=end.strftime(shape),
            place=one_line(occasion.entry.location),
            description=clean(occasion.entry.description),
        )
        + "\n"
    )


def write_drafts(
    found: Iterable[Invitation], settings: Settings, directory: Path, moment: datetime
) -> tuple[Path, ...]:
    """Writes a draft of every invitation whose recipient has an address into the folder `mail` of a folder.
    Outlook opens it as a mail that is not sent yet. Raises OSError."""
    paths = []
    for invitation in found:
        if invitation.recipient.email:
            draft = mail_of(invitation, settings, moment)
            draft["X-Unsent"] = "1"
            paths.append(write_file(directory / FOLDER, f"{invitation.name}.eml", draft.as_bytes()))
    return tuple(paths)
