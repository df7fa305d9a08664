"""Reading vector tiles, as far as a comparison needs it: the features of a tile with their properties."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any


def features(tile: bytes) -> list[tuple[dict[str, Any], bytes]]:
    """Properties and encoded geometry of each feature of all layers of a tile (Mapbox Vector Tile 2.1, not packed)."""
    return [one for field, layer in _fields(tile) if field == 3 for one in _layer(layer)]


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def _fields(data: bytes) -> Iterator[tuple[int, Any]]:
    at = 0
    while at < len(data):
        tag, at = _varint(data, at)
        kind = tag & 7
        if kind == 0:
            value, at = _varint(data, at)
            yield tag >> 3, value
        else:
            length, at = _varint(data, at) if kind == 2 else ({1: 8, 5: 4}[kind], at)
            yield tag >> 3, data[at : at + length]
            at += length


def _value(data: bytes) -> Any:
    for field, value in _fields(data):
        match field:
            case 1:
                return value.decode()
            case 2:
                return struct.unpack("<f", value)[0]
            case 3:
                return struct.unpack("<d", value)[0]
            case 6:
                return (value >> 1) ^ -(value & 1)
            case 7:
                return bool(value)
            case _:
                return value
    return None


def _layer(data: bytes) -> Iterator[tuple[dict[str, Any], bytes]]:
    keys: list[str] = []
    values: list[Any] = []
    raw: list[bytes] = []
    for field, value in _fields(data):
        if field == 2:
            raw.append(value)
        elif field == 3:
            keys.append(value.decode())
        elif field == 4:
            values.append(_value(value))
    for one in raw:
        parts = dict(_fields(one))
        tags, at = [], 0
        packed = parts.get(2, b"")
        while at < len(packed):
            number, at = _varint(packed, at)
            tags.append(number)
        named = {keys[k]: values[v] for k, v in zip(tags[::2], tags[1::2], strict=True)}
        yield named, parts.get(4, b"")
