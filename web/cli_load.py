"""`baochu load …` and `baochu demo`: reference data into the district.

What a command needs is imported where it is used, so that `--help` and `up` answer at once.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gis_data.errors import Invalid
from gis_data.settings import Settings, settings
from web.console import AsJson, opened, out, say

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from gis_data.load import Loaded, Prepared, Region

app = typer.Typer(no_args_is_help=True, help="导入 Load real data into the district.")


def _load_all(config: Settings, engine: Engine, sources: list[Prepared]) -> list[Loaded]:
    from command import registers
    from gis_data.world import SYSTEM

    return [registers.load(engine, prepared, SYSTEM, config.data) for prepared in sources]


def _tell(loaded: list[Loaded], as_json: bool) -> None:
    if as_json:
        out.print_json(json.dumps([asdict(one) for one in loaded], default=str))
        return
    for one in loaded:
        rows = "，".join(f"{table} {count}" for table, count in one.counts.items())
        state = "未变 unchanged" if one.unchanged else "已导入 loaded"
        out.print(f"{one.kind}: {state}；{rows}；退回 rejected {one.rejected}", markup=False)
        if one.rejects_file:
            out.print(f"  退回清单 rejects: {one.rejects_file}", markup=False)


def _region(engine: Engine) -> Region:
    from sqlalchemy.orm import Session

    from gis_data.db import district
    from gis_data.load import region

    with Session(engine) as session:
        return region(district(session))


def _load(
    kind: str, file: Path | Sequence[Path], datum: str, as_json: bool, **detail: str | Path | datetime | None
) -> None:
    from gis_data import load as loading
    from gis_data.sources.raster import Detail

    config = settings()
    engine = opened(config)
    region = _region(engine)
    said = Detail(**{name: value for name, value in detail.items() if value})  # type: ignore[arg-type]  # by name
    prepared = loading.prepare(kind, file, region, datum=datum, progress=say, data=config.data, detail=said)
    say("写入数据库 writing to the database")
    _tell(_load_all(config, engine, [prepared]), as_json)


File = Annotated[Path, typer.Argument(help="文件 the file")]
Files = Annotated[list[Path], typer.Argument(help="文件 one file or several")]
_DATUMS = "坐标系 WGS-84, CGCS2000, GCJ-02, BD-09 or EPSG:n"
Datum = Annotated[str, typer.Option(help=_DATUMS)]
Own = Annotated[str, typer.Option(help="坐标系 the CRS, EPSG:n, where a file does not carry its own")]
Stated = Annotated[str, typer.Option(help=f"{_DATUMS}; must be stated")]


@app.command("roads")
def roads(file: File, datum: Datum = "WGS-84", as_json: AsJson = False) -> None:
    """道路等 Roads, buildings, water, places from an OpenStreetMap PBF (which is WGS-84 by definition).

    Example: baochu load roads hangzhou.osm.pbf
    """
    _load("roads", file, datum, as_json)


@app.command("terrain")
def terrain(
    files: Files,
    datum: Own = "",
    heights: Annotated[str, typer.Option("--heights", help="高程基准 the vertical datum, as the source says")] = "",
    as_json: AsJson = False,
) -> None:
    """地形 Heights in metres: GeoTIFF or Esri ASCII grid; several files make one.

    Example: baochu load terrain dem_n30e119.tif dem_n30e120.tif --heights EGM96
    """
    _load("terrain", files, datum, as_json, vertical_datum=heights)


@app.command("landcover")
def landcover(
    files: Files,
    classes: Annotated[str, typer.Option(help="地类对照 worldcover (ESA), or a CSV with the columns code,kind")],
    datum: Own = "",
    as_json: AsJson = False,
) -> None:
    """土地覆被 Land cover classes: GeoTIFF or Esri ASCII grid; several files make one.

    Example: baochu load landcover worldcover_n30e120.tif --classes worldcover
    """
    _load("landcover", files, datum, as_json, classes=classes)


@app.command("rain")
def rain(
    files: Files,
    start: Annotated[str, typer.Option(help="起 start of the interval, with its offset: 2026-07-01T08:00+08:00")],
    end: Annotated[str, typer.Option(help="止 its end")],
    datum: Own = "",
    as_json: AsJson = False,
) -> None:
    """降雨 Rain depth in mm over an interval: GeoTIFF or Esri ASCII grid; several files make one.

    Example: baochu load rain rain.tif --start 2026-07-01T08:00+08:00 --end 2026-07-01T09:00+08:00
    """
    _load("rain", files, datum, as_json, start=_moment(start, "start"), end=_moment(end, "end"))


def _moment(text: str, field: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid(f"时间 {text!r} 无法识别", f"{text!r} is no time", field=field) from error


@app.command("population")
def population(files: Files, datum: Stated, as_json: AsJson = False) -> None:
    """人口 Population cells from CSV, GeoJSON or GeoPackage, or a grid (GeoTIFF, Esri ASCII) of persons per cell.

    Example: baochu load population hexagons.csv --datum WGS-84
    """
    _load("population", files, datum, as_json)


Mapping = Annotated[Path | None, typer.Option(help="字段对照表 a sheet that maps columns to fields (CSV or XLSX)")]
Replace = Annotated[bool, typer.Option("--replace", help="停用文件中没有的行 close the rows that the file lacks")]
Accept = Annotated[bool, typer.Option("--accept-units", help="按所述单位换算 take 亩, 万元, full-width digits as read")]
Overrule = Annotated[bool, typer.Option("--keep-datum", help="证据已看，仍按所述 overrule the evidence on the datum")]
Synthetic = Annotated[bool, typer.Option("--demo", help="标记为演示数据 mark the rows as synthetic")]
Yes = Annotated[bool, typer.Option("--yes", help="直接写入 write without stopping at the report")]


@app.command("register")
def register(
    key: Annotated[str, typer.Argument(help="台账 the register, such as shelter or geohazard_zone")],
    file: Annotated[str, typer.Argument(help="文件，或 WFS / OGC API 地址 the file, or the address of a service")],
    datum: Stated,
    mapping: Mapping = None,
    layer: Annotated[str | None, typer.Option(help="图层或工作表 the layer or sheet")] = None,
    replace: Replace = False,
    accept_units: Accept = False,
    keep_datum: Overrule = False,
    demo: Synthetic = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """台账 Any register from a file of any kind: checked, reported, and with --yes written.

    Example: baochu load register shelter 避灾点.xlsx --datum GCJ-02 --accept-units --yes
    """
    from web.register_load import load_file

    load_file(
        key, file, datum, mapping=mapping, layer=layer, replace=replace, accept=accept_units, keep_datum=keep_datum,
        demo=demo, yes=yes, as_json=as_json,
    )  # fmt: skip


@app.command("teams")
def teams(file: File, datum: Stated, as_json: AsJson = False) -> None:
    """队伍 Rescue teams: what `load register team FILE --yes` does.

    Example: baochu load teams teams.csv --datum GCJ-02
    """
    from web.register_load import load_file

    load_file("team", str(file), datum, yes=True, as_json=as_json)


@app.command("shelters")
def shelters(file: File, datum: Stated, as_json: AsJson = False) -> None:
    """避灾点 Shelters: what `load register shelter FILE --yes` does.

    Example: baochu load shelters shelters.csv --datum CGCS2000
    """
    from web.register_load import load_file

    load_file("shelter", str(file), datum, yes=True, as_json=as_json)


@app.command("plan")
def plan(file: File, as_json: AsJson = False) -> None:
    """预案 A plan edition (YAML): levels, trigger rules, actions; checked whole, kept for good.

    Example: baochu load plan flood-2026.yaml
    """
    from command.responses import plans
    from gis_data.world import SYSTEM

    row, new = plans.load(opened(settings()), file.read_bytes(), SYSTEM)
    if as_json:
        out.print_json(json.dumps({"id": str(row.id), "track": row.track, "edition": row.edition, "new": new}))
        return
    state = "已导入 loaded" if new else "未变 unchanged"
    numbers = f"启动条件 rules {len(row.rules)}，动作 actions {len(row.actions)}"
    out.print(f"{row.title} {row.edition}: {state}；{numbers}", markup=False)


def demo(
    scale: Annotated[
        int, typer.Option(min=1, max=100, help="区数 how many districts side by side: 10 a city, 100 a province")
    ] = 1,
    as_json: AsJson = False,
) -> None:
    """演示 Load the synthetic demo district, marked DEMO; twice is once.

    Above scale 1 it outgrows the handbook's box: load it into a district made for it, with a BAOCHU_BOX that holds
    it. Without one the command says which. It takes about a minute and 150 MB of disk a district, for load tests.

    Example: baochu demo
    """
    config = settings()
    if config.metric_crs != "EPSG:4549":
        raise Invalid(
            "演示区位于杭州，只能装入 EPSG:4549 的区。",
            "The demo district lies in Hangzhou: it loads into a district in EPSG:4549 only.",
            field="metric_crs",
        )
    if scale == 1:
        _tell(load_demo(config, opened(config)), as_json)
        return
    from gis_data.crs import default_box
    from gis_data.demo.scale import check_room, districts
    from gis_data.sources.prepared import Region

    asked = Region(config.district, config.metric_crs, config.box or default_box(config.metric_crs))
    check_room(scale, asked)  # before a district is made that would be too small
    engine = opened(config)
    with districts(scale, say, data=config.data, region=_region(engine)) as sources:
        say("写入数据库 writing to the database")
        _tell(_load_all(config, engine, sources), as_json)


def load_demo(config: Settings, engine: Engine) -> list[Loaded]:
    """The synthetic district with its plans, through the same doors as real data."""
    from command.responses import plans
    from gis_data.demo import district as demo_district
    from gis_data.demo.plans import plans as demo_plans
    from gis_data.world import SYSTEM

    loaded = _load_all(config, engine, demo_district(say, data=config.data))
    for raw in demo_plans():
        plans.load(engine, raw, SYSTEM)
    return loaded
