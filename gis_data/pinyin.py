"""Finding Chinese by its sound: what a search matches of a name, besides the name itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_CHINESE = re.compile("[一-鿿]+")


@lru_cache(maxsize=100_000)
def _sounds(word: str) -> tuple[str, str]:
    from pypinyin import lazy_pinyin  # its dictionary takes half a second, which most commands need not spend

    syllables = lazy_pinyin(word)
    return "".join(s[0] for s in syllables), "".join(syllables)


def sounds(name: str) -> str:
    """Pinyin initials and full pinyin of a name, such as `xhq xihuqu` of 西湖区; nothing where it holds no Chinese."""
    words = _CHINESE.findall(name)
    if not words:
        return ""
    found = [_sounds(word) for word in words]
    return f"{''.join(initials for initials, _ in found)} {''.join(whole for _, whole in found)}"


def search_text(name: str, others: Iterable[str]) -> str:
    """What a row is found by: all its words in lower case, and its name's pinyin."""
    return " ".join(part for part in (name, sounds(name), *others) if part).lower()
