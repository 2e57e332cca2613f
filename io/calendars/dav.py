"""The few requests of WebDAV and CalDAV (RFC 4918, RFC 4791) that publishing needs, over one connection."""

from __future__ import annotations

import base64
import http.client
import ssl
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote, urlsplit

TIMEOUT = 60
"""Seconds that a server may keep silent."""
LONGEST_ANSWER = 600
"""Seconds in which an answer must be complete."""
LARGEST_ANSWER = 64_000_000
"""Bytes of an answer: a hundred times a person's year."""
_CHUNK = 1 << 16
_QUERY = b"""<?xml version="1.0" encoding="utf-8"?>
<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">
<D:prop><D:getetag/><C:calendar-data/></D:prop>
<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"/></C:comp-filter></C:filter>
</C:calendar-query>"""
_MAKE = """<?xml version="1.0" encoding="utf-8"?>
<C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set>
<D:prop><D:displayname>{name}</D:displayname>
<C:supported-calendar-component-set><C:comp name="VEVENT"/></C:supported-calendar-component-set>
</D:prop></D:set></C:mkcalendar>"""
_CHILDREN = b"""<?xml version="1.0" encoding="utf-8"?>
<D:propfind xmlns:D="DAV:"><D:prop><D:resourcetype/></D:prop></D:propfind>"""


class DavError(Exception):
    """A server that cannot be reached, or does not do what it is asked. status: 0 where there was no answer."""

    def __init__(self, reason: str, status: int = 0) -> None:
        """Keeps why."""
        super().__init__(reason)
        self.status = status


class AddressError(DavError):
    """An address that cannot be published to, or a login that anybody could read on its way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where to publish, and as whom; user "": without logging in. password never shows."""

    url: str
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One object of a collection."""

    path: str
    etag: str
    content: str


class Dav:
    """A server. Paths are absolute and quoted."""

    def __init__(self, account: Account) -> None:
        """Connects with the first request. Raises AddressError for an address that is none."""
        try:
            parts = urlsplit(account.url)
            _ = parts.port
        except ValueError as error:
            raise AddressError(account.url) from error
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
            raise AddressError(account.url)
        if account.user and parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
            raise AddressError(account.url)
        self._host, self._tls = parts.netloc, parts.scheme == "https"
        self.base = plain_path(parts.path).rstrip("/") + "/"
        self._headers = {"User-Agent": "auditplan"}
        if account.user:
            login = base64.b64encode(f"{account.user}:{account.password}".encode()).decode()
            self._headers["Authorization"] = f"Basic {login}"
        self._connection: http.client.HTTPConnection | None = None
        self._elsewhere = ""

    def children(self) -> tuple[str, ...]:
        """The paths of the collections below the address. Raises DavError."""
        status, _, body = self._ask("PROPFIND", self.base, _CHILDREN, {"Depth": "1"})
        if status == http.client.NOT_FOUND:
            return ()
        self._expect(status, {207})
        found = [plain_path(_path(answer)) for answer in _parse(body).iter("{DAV:}response")]
        return tuple(path.rstrip("/") + "/" for path in found if path.rstrip("/") != self.base.rstrip("/"))

    def resources(self, collection: str) -> tuple[Resource, ...] | None:
        """Every event of a collection; None where there is no such collection. Raises DavError."""
        status, _, body = self._ask("REPORT", collection, _QUERY, {"Depth": "1"})
        if status == http.client.NOT_FOUND:
            return None
        self._expect(status, {207})
        within = plain_path(collection)
        return tuple(item for item in _resources(_parse(body)) if plain_path(item.path).startswith(within))

    def make(self, collection: str, name: str) -> None:
        """Makes a collection. Raises DavError."""
        from xml.sax.saxutils import escape

        status, _, _ = self._ask("MKCALENDAR", collection, _MAKE.format(name=escape(name)).encode())
        self._expect(status, {200, 201})

    def put(self, path: str, content: bytes, etag: str) -> bool:
        """Writes an object over the one with an ETag, or with "" where there is none; False where somebody else
        changed it meanwhile. Raises DavError."""
        condition = {"If-Match": etag} if etag else {"If-None-Match": "*"}
        headers = {"Content-Type": "text/calendar; charset=utf-8", **condition}
        status, _, _ = self._ask("PUT", path, content, headers)
        if status == http.client.PRECONDITION_FAILED:
            return False
        self._expect(status, {200, 201, 204})
        return True

    def remove(self, path: str, etag: str) -> bool:
        """Removes an object that still has an ETag; False where somebody changed it. Raises DavError."""
        status, _, _ = self._ask("DELETE", path, b"", {"If-Match": etag} if etag else {})
        if status == http.client.PRECONDITION_FAILED:
            return False
        self._expect(status, {200, 202, 204, 404})
        return True

    def close(self) -> None:
        """Ends the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _ask(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str] | None = None
    ) -> tuple[int, str, bytes]:
        """One request; once more over a new connection where an old one was closed. Raises DavError."""
        sent = {**self._headers, "Content-Type": "application/xml; charset=utf-8", **(headers or {})}
        fresh = self._connection is None
        try:
            return self._once(method, path, body, sent)
        except (http.client.HTTPException, OSError) as error:
            self.close()
            if fresh:
                raise DavError(" ".join(str(error).split()) or type(error).__name__) from error
        except ValueError as error:  # what the server called its objects cannot stand in a request
            self.close()
            raise DavError(" ".join(str(error).split())) from error
        return self._ask(method, path, body, headers)

    def _once(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str, bytes]:
        """One request and its answer: status, ETag and body."""
        if self._connection is None:
            if self._tls:
                context = ssl.create_default_context()
                self._connection = http.client.HTTPSConnection(self._host, timeout=TIMEOUT, context=context)
            else:
                self._connection = http.client.HTTPConnection(self._host, timeout=TIMEOUT)
        self._connection.request(method, path, body, dict(headers))
        answer = self._connection.getresponse()
        self._elsewhere = answer.getheader("Location") or ""
        return answer.status, answer.getheader("ETag") or "", _body(answer)

    def _expect(self, status: int, good: set[int]) -> None:
        """Nothing for a good answer. Nobody is followed to another address: the login is for this one. Raises
        DavError."""
        if status not in good:
            reason = f"{status} {http.client.responses.get(status, '')} {self._elsewhere[:200]}"
            raise DavError(reason.strip(), status)


def plain_path(path: str) -> str:
    """A path in the one spelling in which paths are compared: servers quote as they like."""
    return "/".join(quote(unquote(part), safe="@+~") for part in path.split("/"))


def _body(answer: http.client.HTTPResponse) -> bytes:
    """The body of an answer. Raises HTTPException for one that is too large or takes too long."""
    until = time.monotonic() + LONGEST_ANSWER
    pieces: list[bytes] = []
    size = 0
    with answer:  # which else counts as unread, and its connection as busy
        while piece := answer.read1(_CHUNK):
            pieces.append(piece)
            size += len(piece)
            if size > LARGEST_ANSWER or time.monotonic() > until:
                raise http.client.HTTPException(f"> {LARGEST_ANSWER:,} B, {LONGEST_ANSWER} s")
    return b"".join(pieces)


def _parse(body: bytes) -> Any:
    """The root of an answer, which declares no types or entities. Raises DavError."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
        if root.getroottree().docinfo.doctype:
            raise ValueError("DOCTYPE")
        return root
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DavError("XML") from error


def _path(answer: Any) -> str:
    """The path that an answer is about."""
    href: str = answer.findtext("{DAV:}href") or ""
    return urlsplit(href.strip()).path


def _resources(root: Any) -> Iterator[Resource]:
    """The objects of an answer."""
    for answer in root.iter("{DAV:}response"):
        content = answer.findtext(".//{urn:ietf:params:xml:ns:caldav}calendar-data")
        if content:
            yield Resource(path=_path(answer), etag=answer.findtext(".//{DAV:}getetag") or "", content=content)
