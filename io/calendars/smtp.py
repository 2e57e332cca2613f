"""Sending invitations over SMTP, one by one, so that a broken connection neither loses nor doubles a message.

What the server took is reported at once. A message whose fate is not known because the connection broke is sent
again (RFC 5321, 4.5.4.1), under the same Message-ID.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from auditplan.io.calendars.addresses import usable_address
from auditplan.io.calendars.invitations import Invitation
from auditplan.io.calendars.mail import mail_of
from auditplan.planner.domain import Settings

TIMEOUT = 30
"""Seconds that a server may keep silent."""
ATTEMPTS = 3
"""How often in a row a connection is made without a message getting through."""


LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts that are this machine: nobody else can listen."""


class Security(Enum):
    """How a connection is kept private."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A mail server, and how to log in; user "": not at all. password never shows."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What came of sending. refused: those that the server does not take, with why. error: why the rest was not
    sent; "" where all was tried."""

    sent: tuple[Invitation, ...]
    refused: tuple[tuple[Invitation, str], ...]
    error: str = ""


def send(
    found: Iterable[Invitation],
    server: Server,
    settings: Settings,
    *,
    moment: datetime,
    done: Callable[[Invitation], None],
) -> Delivery:
    """Sends invitations in order. moment: their Date. done is called with each as soon as the server took it.

    A server that cannot be reached is no exception: the delivery says what was sent until then. Raises ValueError
    for a login without encryption."""
    if server.user and server.security is Security.NONE and server.host not in LOCAL:
        raise ValueError("a password is not sent without encryption")
    return _Run(server, settings, moment, done).run(tuple(found))


class _Run:
    """One sending."""

    def __init__(
        self, server: Server, settings: Settings, moment: datetime, done: Callable[[Invitation], None]
    ) -> None:
        """Nothing is sent yet."""
        self._server, self._settings, self._moment, self._done = server, settings, moment, done
        self._connection: smtplib.SMTP | None = None
        self._sent: list[Invitation] = []
        self._refused: list[tuple[Invitation, str]] = []

    def run(self, found: tuple[Invitation, ...]) -> Delivery:
        """Sends all, as far as it goes."""
        error = ""
        try:
            for invitation in found:
                error = self._send(invitation)
                if error:
                    break
        finally:
            self._close()
        return Delivery(sent=tuple(self._sent), refused=tuple(self._refused), error=error)

    def _send(self, invitation: Invitation) -> str:
        """Sends one, over another connection if the first breaks; answers why it could not."""
        error = ""
        for _ in range(ATTEMPTS):
            try:
                self._hand_over(invitation)
            except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as refusal:
                self._refused.append((invitation, _reason(refusal)))
                return ""
            except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError, ssl.SSLError) as failure:
                self._close()
                return _reason(failure)
            except (smtplib.SMTPException, OSError) as failure:
                error = _reason(failure)
                self._close()
            else:
                self._sent.append(invitation)
                self._done(invitation)
                return ""
        return error

    def _hand_over(self, invitation: Invitation) -> None:
        """Gives a message to the server. Raises SMTPException, OSError."""
        if self._connection is None:
            self._connection = connect(self._server)
        mail = mail_of(invitation, self._settings, self._moment)
        self._connection.send_message(
            mail, usable_address(self._settings.organiser_email), [invitation.recipient.email]
        )

    def _close(self) -> None:
        """Ends the connection, however it is."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            connection.quit()
        except (smtplib.SMTPException, OSError):
            connection.close()


def connect(server: Server) -> smtplib.SMTP:
    """A connection to a mail server, logged in. Raises SMTPException, OSError."""
    if server.security is Security.TLS:
        context = ssl.create_default_context()
        connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT, context=context)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
    try:
        if server.security is Security.STARTTLS:
            connection.starttls(context=ssl.create_default_context())
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _reason(error: Exception) -> str:
    """Why, in one line, without what was typed to log in."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {text.decode(errors='replace')}" for code, text in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return f"{error.smtp_code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
    return " ".join(str(error).split()) or type(error).__name__
