"""`baochu map`: any layers and a route as one file that opens with the network unplugged."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gis_data.settings import settings
from web.console import opened, out


def map_(
    layer: Annotated[list[str], typer.Option(help="图层，可重复 a layer of the catalogue; may be given again")],
    output: Annotated[Path, typer.Option("--output", "-o", help="输出文件 the file to write")] = Path("map.html"),
    box: Annotated[str, typer.Option(help="范围 west,south,east,north in degrees")] = "",
    route: Annotated[
        tuple[str, str] | None, typer.Option(metavar="LON,LAT LON,LAT", help="路线 a route by the open roads")
    ] = None,
    world: Annotated[str, typer.Option(help="世界 live or a drill")] = "live",
    review_no: Annotated[str, typer.Option(help="审图号 the map review number, for a map shown to the public")] = "",
) -> None:
    """地图 Write layers and a route as one HTML that needs no network.

    Example: baochu map --layer roads --layer shelters --route 120.10,30.26 120.13,30.27 -o map.html
    """
    from gis_data.db import reading
    from gis_data.world import get_world
    from web.maps import parse_box, parse_point, world_map

    area = parse_box(box) if box else None
    way = (parse_point(route[0], "route"), parse_point(route[1], "route")) if route else None
    with reading(get_world(opened(settings()), world)) as tx:
        page = world_map(tx, layer, box=area, way=way, review_no=review_no)
    page.save(output)
    out.print(f"已写入 written: {output}（{output.stat().st_size / 2**20:.1f} MB）", markup=False)
