"""Which language to speak before a book is read: that of `--lang`, else that of the system, else English."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

from auditplan.io.messages import LANGUAGES

DEFAULT = "en"
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""In the order in which POSIX lets them go before one another."""


def asked_language(arguments: Sequence[str]) -> str | None:
    """The language of `--lang` among the arguments; None where there is none, or an unknown one, which the
    parser then refuses."""
    for index, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if argument == "--":
            return None
        if name == "--lang":
            value = value if equals else "".join(arguments[index + 1 : index + 2])
            return value.lower() if value.lower() in LANGUAGES else None
    return None


def system_language(environment: Mapping[str, str] = os.environ) -> str:
    """The language of the environment; on Windows, where it names none, that of the desktop."""
    for name in _VARIABLES:
        value = environment.get(name, "")
        if value:
            return _language_of(value)
    return _language_of(_desktop_locale())


def _language_of(locale: str) -> str:
    """The catalogue for a locale such as zh_CN.UTF-8."""
    return next((language for language in LANGUAGES if locale.lower().startswith(language)), DEFAULT)


def _desktop_locale() -> str:
    """The locale of the Windows desktop; "" elsewhere."""
    if sys.platform != "win32":
        return ""
    import ctypes
    import locale

    number: int = ctypes.windll.kernel32.GetUserDefaultUILanguage()
    return locale.windows_locale.get(number, "")
