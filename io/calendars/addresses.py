"""E-mail addresses as mail takes them everywhere."""

from __future__ import annotations


def usable_address(text: str) -> str:
    """An address as mail takes it everywhere, a domain in other letters as IDNA writes it (RFC 5890), since few
    servers take it otherwise; "" for one that could stand for several or for none."""
    local, _, domain = text.strip().rpartition("@")
    try:
        address = f"{local}@{domain.encode('idna').decode('ascii')}" if local and domain else ""
    except UnicodeError:
        return ""
    plain = address.isascii() and address.isprintable() and not set(address) & set(' "<>()[]\\,;:')
    return address if plain and "@" not in local else ""
