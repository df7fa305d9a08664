"""GeoPackage, GeoJSON, Shapefile (UTF-8 or GBK; a zip or a folder) and KML, read by GDAL in batches."""

from __future__ import annotations

import codecs
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS
from pyproj.exceptions import CRSError

from gis_data.errors import Invalid
from gis_data.registers.units import Shapes
from gis_data.sources.rows import Batch, Table

SUFFIXES = (".gpkg", ".geojson", ".json", ".shp", ".zip", ".kml", ".kmz", ".gml", ".fgb")
_INNER = (".shp", ".gpkg", ".geojson", ".json", ".kml", ".gml")
_BY_FID = (".gpkg", ".fgb")
_BYTES = "ISO-8859-1"


def _broken(path: Path, error: object) -> Invalid:
    return Invalid(f"{path.name} 无法读取: {error}", f"{path.name} cannot be read: {error}", field="file")


def _members(path: Path) -> dict[str, str]:
    """The map files of a zip or a folder: name without suffix → address for GDAL."""
    if path.is_dir():
        return {one.stem: str(one) for one in sorted(path.iterdir()) if one.suffix.lower() in _INNER}
    if path.suffix.lower() != ".zip":
        return {path.stem: str(path)}
    try:
        with zipfile.ZipFile(path) as file:
            if sum(part.file_size for part in file.infolist()) > 8 << 30:
                raise _broken(path, "展开后超过 8 GB / larger than 8 GB unpacked")
            inside = [_name(part) for part in file.infolist()]
    except (zipfile.BadZipFile, OSError) as error:
        raise _broken(path, error) from error
    return {
        Path(shown).stem: f"/vsizip/{path}/{stored}"
        for stored, shown in sorted(inside)
        if Path(stored).suffix.lower() in _INNER and "__MACOSX" not in stored
    }


def _name(part: zipfile.ZipInfo) -> tuple[str, str]:
    """A zip member's name as GDAL knows it, and as a person wrote it (old zips of Chinese systems are GBK)."""
    if part.flag_bits & 0x800:
        return part.filename, part.filename
    try:
        return part.filename, part.filename.encode("cp437").decode("gb18030")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return part.filename, part.filename


def layers(path: Path) -> tuple[str, ...]:
    """The layers, of a zip or folder with several files as `file` or `file/layer`."""
    names: list[str] = []
    for stem, address in _members(path).items():
        try:
            found = [str(name) for name, _ in pyogrio.list_layers(address)]
        except (DataSourceError, DataLayerError) as error:
            raise _broken(path, error) from error
        names += [stem] if len(found) == 1 and _single(address) else [f"{stem}/{one}" for one in found]
    if len(_members(path)) == 1:
        return tuple(name.split("/", 1)[-1] for name in names)
    return tuple(names)


def _single(address: str) -> bool:
    return address.lower().endswith((".shp", ".geojson", ".json"))


def _find(path: Path, layer: str) -> tuple[str, str | None]:
    """The address and GDAL's layer of a name that `layers` gave."""
    members = _members(path)
    stem, _, inner = layer.partition("/")
    if len(members) == 1:
        address = next(iter(members.values()))
        return address, None if _single(address) else layer
    return members[stem], inner or None


def _beside(address: str, suffix: str) -> bytes | None:
    """The first 4 MB of the file of a Shapefile with this suffix, in any case; None where there is none."""
    wanted = (address[:-4] + suffix).lower()
    if not address.startswith("/vsizip/"):
        for one in Path(address).parent.iterdir():
            if str(one).lower() == wanted:
                with one.open("rb") as file:
                    return file.read(4 << 20)
        return None
    holder = address.removeprefix("/vsizip/")[: address.lower().index(".zip/") - 4]
    with zipfile.ZipFile(holder) as archive:
        for name in archive.namelist():
            if f"/vsizip/{holder}/{name}".lower() == wanted:
                with archive.open(name) as inside:
                    return inside.read(4 << 20)
    return None


def shapefile_encoding(address: str) -> str:
    """The encoding of a Shapefile's table: what its .cpg says, else UTF-8 or GB18030 by its bytes."""
    said = (_beside(address, ".cpg") or b"").decode("ascii", "ignore").strip().lower().removeprefix("ansi ")
    if said:
        if said.removeprefix("cp") in ("936", "54936") or said.startswith(("gb", "euc-cn")):
            return "gb18030"
        try:
            return codecs.lookup(f"cp{said}" if said.isdigit() else said).name
        except LookupError:
            pass  # a name that nobody knows: the bytes tell
    data = _beside(address, ".dbf") or b""
    if len(data) < 32:
        return "utf-8"
    head, width = struct.unpack_from("<HH", data, 8)
    fields = [data[at : at + 32] for at in range(32, head - 1, 32)]
    texts = [one[:11].split(b"\0")[0] for one in fields]
    start, spans = 1, []
    for one in fields:
        spans += [(start, start + one[16])] if one[11:12] == b"C" else []
        start += one[16]
    for row in range(head, min(len(data), head + width * 2000) - width + 1, width):
        texts += [data[row + a : row + b].rstrip(b" \0") for a, b in spans]
    return "utf-8" if all(map(_is_utf8, texts)) else "gb18030"


def _is_utf8(text: bytes) -> bool:
    """Whether bytes are UTF-8, the last character cut short or not (a field is as wide as it is)."""
    try:
        text.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and error.end == len(text) and error.start > 0
    return True


def _own_crs(stated: str | None) -> str | None:
    if not stated:
        return None
    try:
        code = CRS.from_user_input(stated).to_epsg()
    except CRSError:
        return None
    return f"EPSG:{code}" if code else stated


def _shapes(wkb: Any) -> Shapes:
    return np.asarray(shapely.from_wkb(np.asarray(wkb, dtype=object), on_invalid="ignore"), dtype=object)


def _decoded(text: Any, encoding: str | None) -> Any:
    """A text that was read byte by byte (as Latin-1), in its true encoding; a last character cut short is dropped."""
    return text.encode("latin-1").decode(encoding, "ignore") if encoding and isinstance(text, str) else text


def _streamed(address: str, layer: str | None, size: int, start: int) -> Iterator[Batch]:
    """GeoPackage by Arrow: a million rows pass in little memory."""
    with pyogrio.raw.open_arrow(address, layer=layer, batch_size=size, return_fids=True, use_pyarrow=True) as (
        meta,
        stream,
    ):
        place = meta["geometry_name"] or "wkb_geometry"
        fid = meta.get("fid_column") or "OGC_FID"
        for batch in stream:
            table = pa.Table.from_batches([batch])
            number = next((name for name in (fid, "OGC_FID", "fid") if name in table.column_names), None)
            index = np.arange(start, start + len(table)) if number is None else table[number].to_numpy()
            start += len(table)
            shapes = _shapes(table[place].to_numpy()) if place in table.column_names else None
            drop = [name for name in (place, number) if name in table.column_names]
            yield Batch(table.drop_columns(drop).to_pandas().set_index(index), shapes)


def _stepped(address: str, layer: str | None, size: int, encoding: str | None) -> Iterator[Batch]:
    """Other formats, batch by batch; rows are counted from 1."""
    start = 0
    while True:
        wanted = {"layer": layer, "encoding": _BYTES if encoding else None, "datetime_as_string": True}
        meta, _, wkb, columns = pyogrio.raw.read(address, skip_features=start, max_features=size, **wanted)
        count = len(columns[0]) if columns else len(wkb) if wkb is not None else 0
        if not count:
            return
        index = np.arange(start + 1, start + count + 1)
        names = [_decoded(str(name), encoding) for name in meta["fields"]]
        values = [[_decoded(v, encoding) for v in c] if encoding and c.dtype == object else c for c in columns]
        frame = pd.DataFrame(dict(zip(names, values, strict=True)), index=index)
        yield Batch(frame, None if wkb is None else _shapes(wkb))
        start += count
        if count < size:
            return


def open_table(path: Path, layer: str) -> Table:
    """Open a layer; raises Invalid for what GDAL cannot read."""
    address, inner = _find(path, layer)
    encoding = shapefile_encoding(address) if address.lower().endswith(".shp") else None
    try:
        about = pyogrio.read_info(address, layer=inner, encoding=_BYTES if encoding else None, force_feature_count=True)
    except (DataSourceError, DataLayerError, UnicodeDecodeError) as error:
        raise _broken(path, error) from error
    by_fid = address.lower().endswith(_BY_FID)

    def batches(size: int) -> Iterator[Batch]:
        try:
            yield from (_streamed(address, inner, size, 1) if by_fid else _stepped(address, inner, size, encoding))
        except (DataSourceError, DataLayerError, UnicodeDecodeError, pa.ArrowException) as error:
            raise _broken(path, error) from error

    return Table(
        tuple(_decoded(str(name), encoding) for name in about["fields"]),
        "fid" if by_fid else "要素",
        batches,
        about["geometry_type"] is not None,
        _own_crs(about["crs"]),
        int(about["features"]),
    )
