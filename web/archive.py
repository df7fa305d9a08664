"""Tiles made beforehand: one PMTiles archive a base layer, good for the version of the data that it was made from."""

from __future__ import annotations

import gzip
import hashlib
import json
import mmap
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import psycopg
from pmtiles.tile import (
    Compression,
    Entry,
    TileType,
    deserialize_directory,
    deserialize_header,
    find_tile,
    zxy_to_tileid,
)
from pmtiles.writer import Writer
from sqlalchemy import Engine, text

from gis_data import tile_changes
from gis_data.settings import Settings
from layers.catalog import LAYERS, Layer
from layers.tiles import mvt_sql

GZIP_LEVEL = 9


def folder(settings: Settings) -> Path:
    """Where a district's archives are."""
    return settings.data / "tiles" / settings.district


def base_layers() -> list[Layer]:
    """The layers that an archive is made of."""
    return [layer for layer in LAYERS.values() if layer.group == "base" and layer.kind == "vector"]


def recipe(layer: Layer) -> str:
    """What the tiles are made by: an archive of another recipe is not used."""
    queries = "\n".join(mvt_sql(layer, z) for z in range(layer.min_zoom, layer.max_zoom + 1))
    return hashlib.sha256(queries.encode()).hexdigest()[:20]


class Archive:
    """An open archive. Raises OSError or ValueError for a file that is none."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self.bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.header = deserialize_header(self.bytes[:127])
        start = self.header["metadata_offset"]
        metadata = json.loads(gzip.decompress(self.bytes[start : start + self.header["metadata_length"]]))
        self.version: int = metadata["baochu"]["version"]
        self.recipe: str = metadata["baochu"]["recipe"]
        self._directory = lru_cache(64)(self._read_directory)

    def _read_directory(self, offset: int, length: int) -> list[Entry]:
        return list(deserialize_directory(self.bytes[offset : offset + length]))

    def tile(self, z: int, x: int, y: int) -> bytes:
        """A tile, compressed with gzip; nothing where there is none."""
        number, header = zxy_to_tileid(z, x, y), self.header
        directory = self._directory(header["root_offset"], header["root_length"])
        while (entry := find_tile(directory, number)) is not None:
            if entry.run_length:
                start = header["tile_data_offset"] + entry.offset
                return self.bytes[start : start + entry.length]
            directory = self._directory(header["leaf_directory_offset"] + entry.offset, entry.length)
        return b""


class Archives:
    """The archives of a district; one that is made anew is taken up at the next tile."""

    def __init__(self, where: Path) -> None:
        self.where = where
        self._opened: dict[str, tuple[tuple[int, int], Archive | None]] = {}

    def of(self, layer: Layer) -> Archive | None:
        """The archive of a layer, if there is a sound one."""
        path = self.where / f"{layer.id}.pmtiles"
        try:
            found = path.stat()
        except OSError:
            return None
        mark = (found.st_ino, found.st_mtime_ns)
        known = self._opened.get(layer.id)
        if known is None or known[0] != mark:
            try:
                archive = Archive(path)
            except (OSError, ValueError, LookupError, ArithmeticError, AttributeError):
                archive = None
            known = self._opened[layer.id] = (mark, archive)
        return known[1]

    def in_force(self, layer: Layer, version: int) -> Archive | None:
        """The layer's archive, if it was made from this version and as tiles are made today."""
        archive = self.of(layer)
        fits = archive and archive.version == version and archive.recipe == recipe(layer)
        return archive if fits else None


@dataclass(frozen=True)
class Built:
    """What became of one layer: how many tiles and bytes; `unchanged` when its archive was in force already."""

    layer: str
    version: int
    tiles: int
    size_bytes: int
    unchanged: bool


def build(engine: Engine, where: Path, progress: Callable[[str], None]) -> Iterator[Built]:
    """Make the archive of each base layer whose archive is not in force, one after the other.

    Each is written beside the old one and takes its place when it is whole; after a break the next run goes on with
    the layer that was broken off. A layer without data has no archive.
    """
    where.mkdir(parents=True, exist_ok=True)
    archives = Archives(where)
    for layer in base_layers():
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection, connection.begin():
            connection.execute(text("set transaction read only"))
            version = tile_changes.versions(connection).get(layer.table or "", 0)
            path = where / f"{layer.id}.pmtiles"
            if there := archives.in_force(layer, version):
                tiles = there.header["addressed_tiles_count"]
                yield Built(layer.id, version, tiles, path.stat().st_size, unchanged=True)
                continue
            progress(f"{layer.title_zh} {layer.title_en}")
            raw: Any = connection.connection.driver_connection
            with raw.cursor(binary=True) as cursor:
                tiles = _write(cursor, layer, version, path, progress)
            yield Built(layer.id, version, tiles, path.stat().st_size if tiles else 0, unchanged=False)


def _write(cursor: psycopg.Cursor[Any], layer: Layer, version: int, path: Path, progress: Callable[[str], None]) -> int:
    part = path.with_suffix(".part")
    tiles = 0
    try:
        with part.open("wb") as file:
            writer: Any = Writer(file)  # type: ignore[no-untyped-call]
            for z, x, y, body in _tiles(cursor, layer):
                writer.write_tile(zxy_to_tileid(z, x, y), gzip.compress(body, GZIP_LEVEL, mtime=0))
                tiles += 1
                if tiles % 2000 == 0:
                    progress(f"{layer.title_zh} {layer.title_en}: {tiles}")
            if tiles:
                writer.finalize(*_about(cursor, layer, version))
            file.flush()
            os.fsync(file.fileno())
        if tiles:
            part.replace(path)
        else:
            path.unlink(missing_ok=True)
        descriptor = os.open(path.parent, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
    finally:
        part.unlink(missing_ok=True)
    return tiles


def _tiles(cursor: psycopg.Cursor[Any], layer: Layer) -> Iterator[tuple[int, int, int, bytes]]:
    """All tiles that have something in them, from the top of the pyramid down, branches without data left out."""
    inhabited = f"""
      select exists (select 1 from {layer.table}, ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => 1.0 / 16) wide
                     where valid_to is null and geom_3857 && wide)"""
    todo = [(0, 0, 0)]
    while todo:
        z, x, y = todo.pop()
        place = {"z": z, "x": x, "y": y}
        row = cursor.execute(inhabited.encode(), place).fetchone()
        if not row or not row[0]:
            continue
        if z >= layer.min_zoom:
            row = cursor.execute(mvt_sql(layer, z).encode(), place).fetchone()
            if row and row[0]:
                yield z, x, y, bytes(row[0])
        if z < layer.max_zoom:
            todo += [(z + 1, 2 * x + i, 2 * y + j) for i in (0, 1) for j in (0, 1)]


def _about(cursor: psycopg.Cursor[Any], layer: Layer, version: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and metadata of an archive."""
    extent = f"""
      select ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box) from
      (select ST_Extent(ST_Transform(geom_3857, 4326)) box from {layer.table} where valid_to is null) whole"""
    west, south, east, north = (round(degrees * 1e7) for degrees in cursor.execute(extent.encode()).fetchone() or ())
    header = {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_lon_e7": west,
        "min_lat_e7": south,
        "max_lon_e7": east,
        "max_lat_e7": north,
        "center_zoom": layer.min_zoom,
        "center_lon_e7": (west + east) // 2,
        "center_lat_e7": (south + north) // 2,
    }
    fields = dict.fromkeys(layer.attributes, "")
    known = {"id": layer.id, "fields": fields, "minzoom": layer.min_zoom, "maxzoom": layer.max_zoom}
    metadata = {
        "name": f"{layer.title_zh} {layer.title_en}",
        "format": "pbf",
        "vector_layers": [known],
        "baochu": {"version": version, "recipe": recipe(layer)},
    }
    return header, metadata
