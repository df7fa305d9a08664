"""Taking rows out: registers as filtered, map layers in a window. Persons go out by right and on the record alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from command.access import require
from command.board import record
from command.register_edit import allow
from command.register_events import RegisterExported
from gis_data.clock import SHANGHAI
from gis_data.db import district, reading, writing
from gis_data.errors import Denied, Invalid
from gis_data.registers import Field, Register, rows
from gis_data.registers.definition import FieldType
from gis_data.sources import export
from gis_data.sources.export import About, Content, Format
from gis_data.tables import Base, Load
from gis_data.vault import vault
from gis_data.world import Actor, World, get_world
from layers.catalog import LAYERS


@dataclass(frozen=True)
class Order:
    """What to take out and how; `persons` asks for a register of persons, which is journalled."""

    kind: Format
    which: rows.Filter = field(default_factory=rows.Filter)
    persons: bool = False


def _said(register: Register, which: rows.Filter) -> str:
    """The filter in words."""
    parts = [f"“{which.q}”"] if which.q else []
    parts += list(which.towns)
    for name, values in which.where.items():
        of = register.field(name)
        parts.append(f"{of.zh if of else name} = {'、'.join(of.label(v) if of else v for v in values) or '空'}")
    parts += [f"范围 {','.join(f'{v:.5f}' for v in which.box)}"] if which.box else []
    parts += [f"截至 {which.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"] if which.at else []
    parts += ["含已停用"] if which.closed else []
    parts += [f"选中 {len(which.ids)} 行"] if which.ids is not None else []
    return "；".join(parts)


def _read(session: Session, register: Register, order: Order, data: Path) -> tuple[Content, date | None]:
    """The rows, secrets in clear where persons are asked for, and the date of the data."""
    source = rows.source(register, order.which.at)
    names = [of.name for of in register.all_fields]
    columns: list[Any] = [source.c[name] for name in (*names, "is_demo", "valid_from", "updated_at")]
    if register.located:
        columns.append(func.ST_AsBinary(source.c.geom).label("wkb"))
    loaded = select(Load.source).where(Load.id == source.c.load_id).scalar_subquery()
    query = select(*columns, loaded.label("load_source"), source.c.source_row).order_by(source.c.code, source.c.id)
    found = session.execute(
        query.where(*rows.conditions(register, source, order.which)).limit(export.MOST_ROWS + 1)
    ).mappings().all()  # fmt: skip
    frame = pd.DataFrame({n: pd.Series([row[n] for row in found], dtype=object) for n in (*names, "source_row")})
    frame["load_source"] = pd.Series([row["load_source"] for row in found], dtype=object)
    for of in register.fields:
        if of.type == "secret":
            opened = [
                None if words is None else vault(data).open(bytes(words), register.key, of.name, code)
                for words, code in zip(frame[of.name], frame["code"], strict=True)
            ]
            frame[of.name] = pd.Series(opened, dtype=object)
    days = [row["as_of"] or (row["updated_at"] or row["valid_from"]).astimezone(SHANGHAI).date() for row in found]
    shapes = None
    if register.located:
        wkb = [None if row["wkb"] is None else bytes(row["wkb"]) for row in found]
        shapes = np.asarray(shapely.from_wkb(np.array(wkb, dtype=object)), dtype=object)
    origin = (Field("load_source", "来源文件", "Source file"), Field("source_row", "来源行", "Line of the source"))
    demo = np.array([row["is_demo"] for row in found], dtype=bool)
    return Content((*register.all_fields, *origin), frame, shapes, demo), max(days, default=None)


def _marks(world: World, demo: Any) -> tuple[str, ...]:
    return (*(["DEMO"] if demo.any() else []), *(["演练"] if world.kind == "drill" else []))


def register(engine: Engine, actor: Actor, world: World, key: str, order: Order, folder: Path, data: Path) -> Path:
    """Write rows of a register into a file in `folder`, as the world of that moment is called live or a drill.

    Raises Denied for a register of persons unless it is asked for with the right to take persons out.
    """
    one = rows.get_register(key)
    allow(actor, "register.export", one)
    if one.personal:
        require(actor, "person.export")
        if not order.persons:
            raise Denied(
                "人员台账须注明“含人员信息”才能导出，并记入日志。",
                "A register of persons goes out only where persons are asked for; that is journalled.",
                field="persons",
            )
    live = get_world(engine, "live")
    with reading(live, actor) as tx:
        content, day = _read(tx.session, one, order, data)
        about = About(
            district(tx.session).title, one.zh, one.en, day, tx.real_at, actor.post, _marks(world, content.demo),
            _said(one, order.which),
        )  # fmt: skip
    if one.personal:
        with writing(live, actor) as tx:
            event = RegisterExported(
                f"导出{one.zh} {len(content.frame)} 行（含人员信息）：{order.kind}",
                f"Exported {one.en}: {len(content.frame)} rows with persons, as {order.kind}",
                key, order.kind, len(content.frame), about.filter, [f.name for f in one.fields if f.type == "secret"],
            )  # fmt: skip
            record(tx, event)
    return export.write(content, about, order.kind, folder)


def layer(
    engine: Engine, actor: Actor, world: World, name: str, kind: Format, box: Sequence[float] | None, folder: Path,
    data: Path,
) -> Path:  # fmt: skip
    """Write a vector layer of the map, whole or in a window (degrees), into a file in `folder`."""
    require(actor, "register.export")
    shown = LAYERS.get(name)
    if shown is None or shown.kind != "vector" or shown.table is None:
        raise Invalid(f"没有可导出的图层 {name}", f"There is no layer {name} to export", field="layer")
    if shown.register_key:
        which = rows.Filter(box=(box[0], box[1], box[2], box[3]) if box else None)
        return register(engine, actor, world, shown.register_key, Order(kind, which), folder, data)
    table = Base.metadata.tables[f"gis.{shown.table.removeprefix('gis.')}"]
    names = [n for n in dict.fromkeys((*shown.attributes, "name")) if n in table.c and n not in ("id", "geom")]
    query = select(
        *(table.c[n] for n in names), func.ST_AsBinary(table.c.geom).label("wkb"), Load.is_demo, Load.loaded_at,
        Load.source,
    ).join(Load, Load.id == table.c.load_id).where(table.c.valid_to.is_(None))  # fmt: skip
    if box:
        query = query.where(table.c.geom.op("&&")(func.ST_MakeEnvelope(*box, 4490)))
    with reading(get_world(engine, "live"), actor) as tx:
        found = tx.session.execute(query.limit(export.MOST_ROWS + 1)).mappings().all()
        title, at = district(tx.session).title, tx.real_at
    frame = pd.DataFrame({n: pd.Series([row[n] for row in found], dtype=object) for n in (*names, "source")})
    kinds: dict[str, FieldType] = {
        n: "number" if table.c[n].type.python_type in (int, float) else "text" for n in names
    }
    fields = (*(Field(n, n, n, kinds[n]) for n in names), Field("source", "来源文件", "Source file"))
    shapes = np.asarray(shapely.from_wkb(np.array([bytes(row["wkb"]) for row in found], dtype=object)), dtype=object)
    demo = np.array([row["is_demo"] for row in found], dtype=bool)
    day = max((row["loaded_at"].astimezone(SHANGHAI).date() for row in found), default=None)
    about = About(title, shown.title_zh, shown.title_en, day, at, actor.post, _marks(world, demo))
    about = replace(about, filter=f"范围 {','.join(f'{v:.5f}' for v in box)}" if box else "")
    return export.write(Content(fields, frame, shapes, demo), about, kind, folder)
