"""A request is done once: its client makes a key, and whoever sends it again gets the first answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from command.transfer.tables import RequestDone
from gis_data.db import Writing
from gis_data.errors import Conflict


def once(tx: Writing, key: UUID, said: Mapping[str, Any], do: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Do it, or answer as it was answered before. Raises Conflict where the key was used for something else.

    `said` is all that the request says, as JSON holds it; the answer holds no names.
    """
    words = json.dumps(said, ensure_ascii=False, sort_keys=True, default=str)
    digest = hashlib.sha256(words.encode()).hexdigest()
    if before := tx.session.get(RequestDone, key):
        if (before.account, before.digest) != (tx.actor.username, digest):
            raise Conflict("此幂等键已用于另一请求。", "This key was used for another request.", field="key")
        return before.answer
    answer = do()
    tx.session.add(
        RequestDone(key=key, account=tx.actor.username, digest=digest, answer=answer, at=tx.at, recorded_at=tx.real_at)
    )
    return answer
