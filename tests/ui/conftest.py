"""A browser for each module of stories; each story closes its pages, so that none draws on beside the next."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.ui.driver import chromium


@pytest.fixture(scope="module")
def _chromium() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def browser(_chromium: Browser) -> Iterator[Browser]:
    yield _chromium
    for context in _chromium.contexts:
        context.close()
