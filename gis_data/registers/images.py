"""Rows as JSON images: what the history keeps, exact enough to stand again."""

from __future__ import annotations

from sqlalchemy import Table

_DERIVED = ("geom_3857", "search")


def image_sql(table: Table, alias: str) -> str:
    """SQL of a row's image: every column but the derived ones, the geometry as hex EWKB."""
    derived = " ".join(f"- '{name}'" for name in _DERIVED if name in table.c)
    if "geom" not in table.c:
        return f"(to_jsonb({alias}) {derived})"
    return f"(to_jsonb({alias}) {derived} || jsonb_build_object('geom', encode(ST_AsEWKB({alias}.geom), 'hex')))"


def image_columns(table: Table) -> list[str]:
    """The columns that an image holds."""
    return [column.name for column in table.c if column.name not in _DERIVED]
