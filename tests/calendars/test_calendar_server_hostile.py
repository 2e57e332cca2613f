"""A calendar server that does not mean well, or answers in ways that few do: on loopback, made of canned answers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from auditplan.io.calendars import dav
from auditplan.io.calendars.dav import Account, Dav, DavError, plain_path

Serve = Callable[..., str]
NOTHING: Mapping[str, str] = {}
_EVENT = "BEGIN:VCALENDAR&#13;&#10;END:VCALENDAR"


def _found(*pairs: tuple[str, str]) -> bytes:
    """An answer with objects: their paths and ETags."""
    parts = "".join(
        f"<D:response><D:href>{path}</D:href><D:propstat><D:prop><D:getetag>{etag}</D:getetag>"
        f"<C:calendar-data>{_EVENT}</C:calendar-data></D:prop></D:propstat></D:response>"
        for path, etag in pairs
    )
    return f'<D:multistatus xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">{parts}</D:multistatus>'.encode()


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts servers."""
    running: list[ThreadingHTTPServer] = []

    def start(status: int, body: bytes, headers: Mapping[str, str] = NOTHING, asked: list[str] | None = None) -> str:
        """One server that always answers the same, and notes what it is asked for; its address."""

        class Handler(BaseHTTPRequestHandler):
            """Answers everything alike."""

            protocol_version = "HTTP/1.1"

            def _any(self) -> None:
                """One answer."""
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if asked is not None:
                    asked.append(self.path)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if "Transfer-Encoding" not in headers:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_PROPFIND = do_REPORT = do_MKCALENDAR = do_PUT = do_DELETE = do_GET = _any  # noqa: N815 - their names

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
                """Says nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        running.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}/home/"

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


def _open(url: str) -> Dav:
    """A login to a server."""
    return Dav(Account(url=url, user="u", password="secret"))


def test_nobody_is_followed_to_another_address(serve: Serve) -> None:
    asked: list[str] = []
    other = serve(207, _found(), asked=asked)
    for status in (301, 302, 303, 307, 308):
        server = _open(serve(status, b"", {"Location": other}))
        with pytest.raises(DavError, match=other):
            server.children()
        with pytest.raises(DavError):
            server.put("/home/a.ics", b"", "")
        server.close()
    assert asked == []


@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><D:multistatus xmlns:D="DAV:">&x;</D:multistatus>',
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x.dtd"><D:multistatus xmlns:D="DAV:"/>',
        ('<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY x "y">]><a b="&x;"/>').encode("utf-16"),
        b'<!DOCTYPE a [<!ENTITY b "'
        + b"x" * 1000
        + b'">'
        + b"".join(b'<!ENTITY b%d "%s">' % (n, b"&b%s;" % (str(n - 1).encode() if n else b"") * 10) for n in range(9))
        + b']><a c="&b8;"/>',
        b"not XML",
        b"",
        b"\xff\xfe",
    ],
)
def test_an_answer_that_is_no_plain_xml_is_refused(body: bytes, serve: Serve) -> None:
    server = _open(serve(207, body))
    with pytest.raises(DavError):
        server.children()
    with pytest.raises(DavError):
        server.resources("/home/x/")
    server.close()


def test_an_answer_without_end_is_not_read_to_its_end(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dav, "LARGEST_ANSWER", 100_000)
    server = _open(serve(207, b"<a>" + b" " * 1_000_000))
    with pytest.raises(DavError, match="100,000"):
        server.children()
    server.close()


def test_an_answer_that_never_gets_ready_is_given_up(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dav, "LONGEST_ANSWER", -1)
    server = _open(serve(207, _found()))
    with pytest.raises(DavError):
        server.children()
    server.close()


def test_answers_in_pieces_are_read_over_one_connection(serve: Serve) -> None:
    body = _found(("/home/x/1.ics", "e"))
    pieces = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (body[:7], body[7:])) + b"0\r\n\r\n"
    server = _open(serve(207, pieces, {"Transfer-Encoding": "chunked"}))
    connections = set()
    for _ in range(3):
        assert [item.path for item in server.resources("/home/x/") or ()] == ["/home/x/1.ics"]
        connections.add(id(server._connection))
    assert len(connections) == 1
    server.close()


def test_names_that_cannot_stand_in_a_request_are_an_error_of_the_server(serve: Serve) -> None:
    server = _open(serve(207, _found(("/home/x/1.ics", "a&#10;X-Evil: 1"))))
    [item] = server.resources("/home/x/") or ()
    with pytest.raises(DavError):
        server.remove(item.path, item.etag)
    with pytest.raises(DavError):
        server.remove("/home/x/\r\nX-Evil: 1", "e")
    with pytest.raises(DavError):
        server.remove("/home/x/李.ics", "e")
    server.close()


def test_objects_of_other_collections_are_left_alone(serve: Serve) -> None:
    found = _found(("/home/x/1.ics", "e"), ("/home/other/1.ics", "e"), ("http://127.0.0.1/home/x/2.ics", "e"))
    server = _open(serve(207, found))
    assert [item.path for item in server.resources("/home/x/") or ()] == ["/home/x/1.ics", "/home/x/2.ics"]
    server.close()


def test_a_path_is_the_same_however_it_is_quoted(serve: Serve) -> None:
    assert plain_path("/li%40b.cn/a%2bb/%e6%9d%8e%20x/") == plain_path("/li@b.cn/a+b/李 x/")
    assert plain_path("/a%2Fb/") != plain_path("/a/b/")
    body = _found(("/home/", "e"), ("/home/li%40b.cn/", "e"))
    server = _open(serve(207, body))
    assert server.children() == ("/home/li@b.cn/",)
    server.close()
