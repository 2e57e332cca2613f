"""Connections to mail servers: broken at every point of a message, encrypted, with and without a login."""

from __future__ import annotations

import email
import random
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from auditplan.io.calendars.distribution import Round, hand_out, plan_round
from auditplan.io.calendars.invitations import Invitation
from auditplan.io.calendars.journal import Journal
from auditplan.io.calendars.smtp import Delivery, Security, Server, send
from auditplan.planner.domain import Body
from auditplan.planner.plan import Plan

MOMENT = datetime(2027, 1, 2, 8, 30, tzinfo=UTC)
STAGES = ("EHLO", "MAIL", "RCPT", "DATA", "text", "answer")
"""Where a connection breaks: at a command, within the text, or when the message is taken and only the answer is
missing."""
pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore:Requiring AUTH:UserWarning"
)


@dataclass
class Fragile:
    """Takes mail; breaks the connection at a stage of a message, some times in a row. At EHLO it is the first."""

    stage: str = ""
    number: int = 0
    times: int = 0
    taken: list[bytes] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)

    def breaks(self, server: Any, stage: str) -> bool:
        """Whether the connection breaks now; ends it."""
        if stage != self.stage or self.times < 1 or self.number > (len(self.taken) + (stage != "answer")):
            return False
        self.times -= 1
        server.transport.abort()
        return True

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, answers: list[str]) -> Any:  # noqa: N802
        """Greets."""
        del envelope
        self.breaks(server, "EHLO")
        session.host_name = hostname
        return answers

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        """Takes a sender."""
        del session, options
        self.breaks(server, "MAIL")
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        """Takes a recipient."""
        del session, options
        self.breaks(server, "RCPT")
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Takes a message."""
        del session
        self.taken.append(envelope.content)
        self.breaks(server, "answer")
        return "250 OK"

    def login(self, server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> Any:
        """Lets in who knows the password."""
        from aiosmtpd.smtp import AuthResult

        del server, session, envelope, mechanism
        user, password = given.login.decode(), given.password.decode()
        self.logins.append((user, password))
        return AuthResult(success=password == "right", handled=False)


@pytest.fixture
def mail_server() -> Iterator[Callable[..., int]]:
    """Starts mail servers; each answers with its port."""
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import SMTP, syntax

    class Breaking(SMTP):
        """Breaks at the command DATA, or within the text."""

        @syntax("DATA")
        async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - the name is aiosmtpd's
            """Takes a text, or some of it."""
            postbox: Fragile = self.event_handler
            if postbox.breaks(self, "DATA"):
                return
            if postbox.stage == "text" and postbox.times and len(postbox.taken) + 1 >= postbox.number:
                await self.push("354 go on")
                await self._reader.readexactly(700)
                postbox.breaks(self, "text")
                return
            await super().smtp_DATA(arg)

    class BreakingController(Controller):
        """Starts it."""

        def factory(self) -> Breaking:
            """One connection's server."""
            return Breaking(self.handler, **self.SMTP_kwargs)

    started = []

    def start(postbox: Fragile, **more: Any) -> int:
        """A server that fills a postbox."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        controller = BreakingController(postbox, hostname="127.0.0.1", port=port, **more)
        controller.start()
        started.append(controller)
        return port

    yield start
    for controller in started:
        controller.stop()


@pytest.fixture
def addressed(body: Body) -> Body:
    """The body with everybody's address."""
    auditors = tuple(replace(auditor, email=f"p{n}@example.com") for n, auditor in enumerate(body.auditors))
    return replace(body, auditors=auditors)


def _round(body: Body, plan: Plan, rows: Any = ()) -> Round:
    """What is to be handed out."""
    return plan_round(body, plan, rows, language="zh", moment=MOMENT)


def _identities(postbox: Fragile) -> list[str]:
    """The Message-IDs of what arrived."""
    return [str(email.message_from_bytes(content)["Message-ID"]) for content in postbox.taken]


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("times", [1, 2, 4])
def test_a_connection_that_breaks_anywhere_loses_nothing(
    stage: str, times: int, addressed: Body, plan: Plan, tmp_path: Path, mail_server: Callable[..., int]
) -> None:
    total = len(_round(addressed, plan).invitations)
    number = 1 if stage == "EHLO" else random.Random(f"{stage}/{times}").randint(1, total)
    postbox = Fragile(stage, number, times)
    server = Server(host="127.0.0.1", port=mail_server(postbox), security=Security.NONE)
    journal = Journal(tmp_path / "b.xlsx")
    for _ in range(3):
        outcome = hand_out(_round(addressed, plan, journal.read()), tmp_path, journal, server=server)
        if outcome.delivery is None or not outcome.delivery.error:
            break
    assert postbox.times == 0, "it did break"
    arrived = _identities(postbox)
    assert len(set(arrived)) == total
    assert _round(addressed, plan, journal.read()).invitations == ()
    if stage == "answer":
        # Nobody can know that the server took it: it comes again under its Message-ID, word for word the same.
        assert len(set(postbox.taken)) == total
        assert len(arrived) <= total + times
    else:
        assert len(arrived) == total


@pytest.fixture(scope="module")
def authority() -> Any:
    """Somebody who signs certificates, whom nobody knows yet."""
    import trustme

    return trustme.CA()


@pytest.fixture
def encrypted(authority: Any) -> ssl.SSLContext:
    """A server's side of an encrypted connection, as 127.0.0.1."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def trusted(authority: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine trusts the authority."""
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))


def _send(
    body: Body, plan: Plan, port: int, security: Security, host: str = "127.0.0.1", password: str = ""
) -> Delivery:
    """Sends the first round."""
    user = "plan" if password else ""
    server = Server(host=host, port=port, security=security, user=user, password=password)
    found = _round(body, plan).invitations
    return send(found, server, body.settings, moment=MOMENT, done=_nothing)


def _nothing(invitation: Invitation) -> None:
    """Keeps nothing."""
    del invitation


def _options(security: Security, context: ssl.SSLContext, postbox: Fragile) -> dict[str, Any]:
    """How a server of a kind is started, that wants a login."""
    login = {"authenticator": postbox.login, "auth_required": True}
    if security is Security.TLS:  # aiosmtpd does not know that the connection is encrypted from the first byte
        return {"ssl_context": context, "auth_require_tls": False, **login}
    return {"tls_context": context, "require_starttls": True, **login}


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_login_over_an_encrypted_connection(
    security: Security, encrypted: ssl.SSLContext, addressed: Body, plan: Plan, mail_server: Callable[..., int]
) -> None:
    postbox = Fragile()
    port = mail_server(postbox, **_options(security, encrypted, postbox))
    wrong = _send(addressed, plan, port, security, password="wrong")
    assert wrong.error.startswith("535")
    assert "wrong" not in wrong.error
    assert len(postbox.logins) <= 2, "once by each mechanism, not again and again: accounts get locked"
    found = _send(addressed, plan, port, security, password="right")
    assert not found.error
    assert len(postbox.taken) == len(found.sent) > 0


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_server_that_cannot_show_who_it_is_gets_no_password(
    security: Security, encrypted: ssl.SSLContext, addressed: Body, plan: Plan, mail_server: Callable[..., int]
) -> None:
    postbox = Fragile()
    port = mail_server(postbox, **_options(security, encrypted, postbox))
    found = _send(addressed, plan, port, security, password="right")
    assert "certificate" in found.error.lower()
    assert (postbox.logins, postbox.taken) == ([], [])


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_certificate_of_another_name_is_none(
    security: Security, encrypted: ssl.SSLContext, addressed: Body, plan: Plan, mail_server: Callable[..., int]
) -> None:
    postbox = Fragile()
    port = mail_server(postbox, **_options(security, encrypted, postbox))
    found = _send(addressed, plan, port, security, host="localhost", password="right")
    assert "certificate" in found.error.lower()
    assert (postbox.logins, postbox.taken) == ([], [])


def test_a_server_that_hides_its_encryption_gets_nothing(
    addressed: Body, plan: Plan, mail_server: Callable[..., int]
) -> None:
    postbox = Fragile()
    port = mail_server(postbox, authenticator=postbox.login, auth_require_tls=False)
    found = _send(addressed, plan, port, Security.STARTTLS, password="right")
    assert "STARTTLS" in found.error
    assert (postbox.logins, postbox.taken) == ([], [])


def test_a_password_is_not_sent_in_the_open(addressed: Body, plan: Plan) -> None:
    with pytest.raises(ValueError, match="encryption"):
        _send(addressed, plan, 25, Security.NONE, host="mail.example.com", password="right")
