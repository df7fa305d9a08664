"""A first large file of a register: its indexes, keys and references are there again afterwards, and they hold."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from gis_data import bulk
from gis_data.db import writing
from gis_data.registers import store
from gis_data.world import SYSTEM, get_world


def _pour(engine: Engine, data: Path, codes: Sequence[str]) -> store.Written:
    spots = np.random.default_rng(3).uniform((120.0, 30.1), (120.2, 30.3), (len(codes), 2))
    rows = {"code": codes, "name": "演示取水点", "kind": "pond", "geom": shapely.points(spots)}
    with writing(get_world(engine, "live"), SYSTEM) as tx:
        stamp = store.Stamp(tx.real_at, "tester", "", "", data)
        return store.put_many(tx.session.connection(), "water_point", [pd.DataFrame(rows)], stamp)


def _rules(engine: Engine) -> set[str]:
    query = (
        "select pg_get_indexdef(indexrelid) from pg_index where indrelid = 'gis.water_point'::regclass union"
        " select conname || pg_get_constraintdef(oid) from pg_constraint where conrelid = 'gis.water_point'::regclass"
    )
    with engine.connect() as connection:
        return set(connection.execute(text(query)).scalars())


def test_a_large_file_leaves_the_table_as_it_was_but_full(empty_db: Engine, data_dir: Path) -> None:
    before, codes = _rules(empty_db), [f"W{n}" for n in range(bulk.LARGE)]
    with pytest.raises(IntegrityError):
        _pour(empty_db, data_dir, [*codes, "W7"])
    assert _rules(empty_db) == before
    assert _pour(empty_db, data_dir, codes).new == bulk.LARGE
    assert _rules(empty_db) == before
    assert _pour(empty_db, data_dir, codes).unchanged == bulk.LARGE
