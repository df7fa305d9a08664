"""What can go wrong, in words that know no HTTP. Each message is said in Chinese and in English."""

from __future__ import annotations


class BaochuError(Exception):
    """A failure that a person can act on.

    `zh` and `en` say what is wrong and what to do; `field` names the bad input, `row` its 1-based row in a file.
    """

    def __init__(self, zh: str, en: str, *, field: str | None = None, row: int | None = None) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en
        self.field = field
        self.row = row


class NotFound(BaochuError):
    """The thing asked for does not exist (or not in this world)."""


class Conflict(BaochuError):
    """The thing exists but is not in a state that allows this; nothing was changed."""


class Invalid(BaochuError):
    """The input is wrong; `field` and `row` say where."""


class Denied(BaochuError):
    """The actor may not do this."""


class Unavailable(BaochuError):
    """Something that is needed cannot be reached just now."""


class LoggedOut(BaochuError):
    """Nobody is logged in, or the log-in has run out."""


class TooMany(BaochuError):
    """Too many tries; wait a while."""
