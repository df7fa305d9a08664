"""Parameters: the version in force at a time, with what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from gis_data.clock import SHANGHAI
from gis_data.errors import NotFound
from gis_data.parameters import value_of
from gis_data.registers import store

KEY = "flood.prepare_mm"


def day(month: int, of: int, hour: int = 12) -> datetime:
    """A Beijing hour of 2026."""
    return datetime(2026, month, of, hour, tzinfo=SHANGHAI)


@pytest.fixture
def session(empty_db: Engine, data_dir: Path) -> Iterator[Session]:
    versions = pd.DataFrame(
        {
            "code": ["P-1", "P-2", "P-3"],
            "name": "演示准备转移雨量",
            "key": KEY,
            "value": ["50", "40", "30"],
            "unit": "mm",
            "document": ["演示预案 2024", "演示预案 2026", "演示预案 2027"],
            "clause": "3.2",
            "approved_by": "总指挥",
            "in_force_from": [None, date(2026, 6, 1), date(2027, 1, 1)],
            "in_force_to": [date(2026, 5, 31), None, None],
            "is_demo": True,
        }
    )
    with Session(empty_db) as session:
        stamp = store.Stamp(day(1, 1), "admin", "系统管理员", "", data_dir)
        store.put_many(session.connection(), "parameter", [versions], stamp)
        yield session


def test_the_version_in_force_says_what_it_rests_on(session: Session) -> None:
    found = value_of(session, KEY, day(7, 1))
    assert (found.version, found.number, found.unit, found.is_demo) == ("P-2", 40.0, "mm", True)
    assert (found.document, found.clause, found.approved_by) == ("演示预案 2026", "3.2", "总指挥")


@pytest.mark.parametrize(
    ("at", "version"),
    [(day(5, 31, 23), "P-1"), (day(6, 1, 0), "P-2"), (datetime(2027, 1, 1, tzinfo=SHANGHAI), "P-3")],
)
def test_days_are_beijing_days_and_the_latest_counts(session: Session, at: datetime, version: str) -> None:
    assert value_of(session, KEY, at).version == version


def test_a_version_that_was_closed_is_in_force_no_more(session: Session, data_dir: Path) -> None:
    connection = session.connection()
    id_ = connection.exec_driver_sql("select id from gis.parameter where code = 'P-2'").scalar_one()
    store.close(connection, "parameter", id_, 1, store.Stamp(day(7, 2), "admin", "系统管理员", "误录", data_dir))
    assert value_of(session, KEY, day(7, 1)).version == "P-2"
    with pytest.raises(NotFound) as error:
        value_of(session, KEY, day(7, 3))
    assert error.value.field == KEY


def test_an_unknown_parameter_is_named(session: Session) -> None:
    with pytest.raises(NotFound) as error:
        value_of(session, "no.such", day(7, 1))
    assert "no.such" in error.value.en
    assert "no.such" in error.value.zh
