"""`baochu tiles …`: tiles made beforehand."""

from __future__ import annotations

import json
from dataclasses import asdict

import typer

from gis_data.settings import settings
from web.console import AsJson, opened, out, say

app = typer.Typer(no_args_is_help=True, help="瓦片 Tiles made beforehand.")


@app.callback()
def _tiles() -> None:
    """瓦片 Tiles made beforehand."""


@app.command("build")
def build(as_json: AsJson = False) -> None:
    """制作底图瓦片包 Make the PMTiles archives of the base map; what is in force already is left as it is.

    Example: baochu tiles build
    """
    from web import archive

    config = settings()
    done = []
    for one in archive.build(opened(config), archive.folder(config), say):
        done.append(one)
        if not as_json:
            state = "未变 unchanged" if one.unchanged else "已制作 made"
            out.print(f"{one.layer}: {state}；瓦片 tiles {one.tiles}；{one.size_bytes / 1e6:.1f} MB", markup=False)
    if as_json:
        out.print_json(json.dumps([asdict(one) for one in done]))
