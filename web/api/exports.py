"""Exports (导出): rows of a register as filtered, or a layer of the map, as a file that says what it is."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse, Response
from starlette.background import BackgroundTask

from command import register_export
from command.register_export import Order
from gis_data.sources.export import Format
from gis_data.world import get_world
from web.api.registers import FilterDep, RegisterDep
from web.deps import ActorDep, EngineDep, SettingsDep
from web.errors import responses
from web.maps import parse_box

router = APIRouter(prefix="/api", tags=["exports"])
TYPES = {
    ".gpkg": "application/geopackage+sqlite3",
    ".geojson": "application/geo+json",
    ".zip": "application/zip",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv; charset=utf-8",
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind.split(";")[0]: {"schema": {"type": "string"}} for kind in TYPES.values()}}
}
WorldName = Annotated[
    str, Query(pattern="^[a-z][a-z0-9-]{0,29}$", description="the world it is taken out in: a drill's is marked 演练")
]


def _sent(write: Callable[[Path], Path]) -> Response:
    """The file that is written into a folder of its own, which goes when it is sent."""
    folder = Path(tempfile.mkdtemp(prefix="baochu-export-"))
    try:
        path = write(folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return FileResponse(
        path,
        media_type=TYPES[path.suffix],
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(path.name)}",
            "Cache-Control": "no-store",
        },
        background=BackgroundTask(shutil.rmtree, folder, ignore_errors=True),
    )


@router.get("/registers/{key}/export", response_class=Response, responses=responses(404, 422) | _FILE)
def register(
    register: RegisterDep,
    engine: EngineDep,
    actor: ActorDep,
    config: SettingsDep,
    which: FilterDep,
    format: Format,
    persons: Annotated[bool, Query(description="take persons out; journalled")] = False,
    world: WorldName = "live",
) -> Response:
    """The rows of a filter as a file; the same parameters as the list's."""
    order, at = Order(format, which, persons), get_world(engine, world)
    return _sent(lambda folder: register_export.register(engine, actor, at, register.key, order, folder, config.data))


@router.get("/layers/{layer}/export", response_class=Response, responses=responses(404, 422) | _FILE)
def layer(
    layer: str,
    engine: EngineDep,
    actor: ActorDep,
    config: SettingsDep,
    format: Format,
    box: Annotated[str, Query(max_length=100, description="west,south,east,north in degrees; unset: all")] = "",
    world: WorldName = "live",
) -> Response:
    """A vector layer of the map as a file, whole or in a window."""
    at, window = get_world(engine, world), parse_box(box) if box else None
    return _sent(lambda folder: register_export.layer(engine, actor, at, layer, format, window, folder, config.data))
