"""Cards (明白卡) as pages to print: one A5 page a household, with a small map and a code to scan.

Typst sets them, with the system's Chinese fonts, of which only the characters used are embedded. All words come as
data, so that nothing in a register can be taken for markup.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import segno
import shapely
import typst
from shapely.geometry.base import BaseGeometry

from command.transfer.cards import Card, CardMap
from gis_data.clock import SHANGHAI
from gis_data.errors import Unavailable

TEMPLATE = Path(__file__).parent / "card_sheet.typ"
FONTS = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Zen Hei")
WIDTH, HEIGHT = 560.0, 400.0
"""The map's size in points of its own."""


def sheet(made: Sequence[tuple[Card, CardMap | None]], printed_at: datetime, *, drill: bool) -> bytes:
    """Cards as a PDF. Raises Unavailable where the machine has no Chinese font."""
    there = set(typst.Fonts().families())
    fonts = [name for name in FONTS if name in there]
    if not fonts:
        raise Unavailable(
            "缺少中文字体，请安装 fonts-noto-cjk。", "No Chinese font: install fonts-noto-cjk.", field="fonts"
        )
    files: dict[str, bytes] = {"main": TEMPLATE.read_bytes()}
    pages = []
    for n, (card, ground) in enumerate(made):
        files[f"code{n}.svg"] = _code(card.code)
        if ground:
            files[f"map{n}.svg"] = _svg(ground)
        pages.append(
            {
                "code": card.code, "village": card.village, "hazards": card.hazards, "extent": card.extent,
                "threatened": card.threatened, "signal": card.signal, "route": card.route, "shelter": card.shelter,
                "contact": card.contact, "demo": card.is_demo, "map": f"map{n}.svg" if ground else None,
                "way": bool(ground and ground.way), "qr": f"code{n}.svg",
            }
        )  # fmt: skip
    said = {
        "fonts": fonts, "drill": drill, "printed": f"{printed_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}", "cards": pages,
    }  # fmt: skip
    files["cards.json"] = json.dumps(said, ensure_ascii=False).encode()
    pdf: bytes = typst.compile(files, format="pdf")  # type: ignore[call-overload]  # its stub leaves out dicts of files
    return pdf


def _code(code: str) -> bytes:
    out = io.BytesIO()
    segno.make(code, error="m", micro=False).save(out, kind="svg", border=2)
    return out.getvalue()


def _svg(ground: CardMap) -> bytes:
    """The map, north up: roads grey, water blue, zones by their dashed outline, the way thick, a house and a flag."""
    west, south, east, north = ground.box
    scale = min(WIDTH / (east - west), HEIGHT / (north - south))
    left = (WIDTH - (east - west) * scale) / 2
    top = (HEIGHT - (north - south) * scale) / 2

    def at(x: float, y: float) -> tuple[float, float]:
        return round(left + (x - west) * scale, 1), round(top + (north - y) * scale, 1)

    def drawn(shapes: Iterable[BaseGeometry], style: str, close: bool = False) -> str:
        frame = shapely.box(west - left / scale, south - top / scale, east + left / scale, north + top / scale)
        parts = []
        for shape in shapely.get_parts(shapely.intersection(list(shapes), frame)).tolist():
            lines = [shape.exterior, *shape.interiors] if shape.geom_type == "Polygon" else [shape]
            for line in lines:
                if line.geom_type in ("LineString", "LinearRing") and not line.is_empty:
                    points = " L".join("{} {}".format(*at(x, y)) for x, y in shapely.get_coordinates(line).tolist())
                    parts.append(f"M{points}{'Z' if close or shape.geom_type == 'Polygon' else ''}")
        return f'<path d="{" ".join(parts)}" {style}/>' if parts else ""

    areas = [one for one in ground.water if one.geom_type.endswith("Polygon")]
    streams = [one for one in ground.water if not one.geom_type.endswith("Polygon")]
    bar_m = max(m for m in (50, 100, 200, 500, 1000, 2000, 5000) if m * scale <= WIDTH / 3 or m == 50)
    hx, hy = at(*ground.home)
    body = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff" stroke="#333"/>',
        drawn(areas, 'fill="#cfe3f1" stroke="#6fa8cf" stroke-width="1" fill-rule="evenodd"'),
        drawn(streams, 'fill="none" stroke="#3f86bd" stroke-width="2.5"'),
        drawn(ground.danger, 'fill="#000" fill-opacity="0.10" stroke="#000" stroke-width="1.5" stroke-dasharray="6 4"'),
        drawn(ground.roads, 'fill="none" stroke="#b5b5b5" stroke-width="2"'),
        drawn([ground.way] if ground.way else [], 'fill="none" stroke="#111" stroke-width="5" stroke-linejoin="round"'),
        f'<path d="M{hx - 9} {hy} L{hx} {hy - 11} L{hx + 9} {hy} V{hy + 9} H{hx - 9} Z" fill="#fff" stroke="#111"'
        ' stroke-width="2.5"/>',
    ]
    if ground.refuge:
        rx, ry = at(*ground.refuge)
        body.append(f'<path d="M{rx} {ry} V{ry - 24} H{rx + 18} L{rx + 12} {ry - 17} L{rx + 18} {ry - 10} H{rx}"'
                    ' fill="#111" stroke="#111" stroke-width="2"/>')  # fmt: skip
    x1, y1 = 14.0, HEIGHT - 14
    body.append(f'<path d="M{x1} {y1 - 6} V{y1} H{x1 + bar_m * scale:.1f} V{y1 - 6}" fill="none" stroke="#111"'
                ' stroke-width="1.5"/>')  # fmt: skip
    body.append(f'<text x="{x1 + 4}" y="{y1 - 5}" font-size="13" font-family="{FONTS[0]}">{bar_m} m</text>')
    body.append(f'<path d="M{WIDTH - 22} 40 L{WIDTH - 16} 12 L{WIDTH - 10} 40 Z" fill="#111"/>')
    body.append(f'<text x="{WIDTH - 20.5}" y="55" font-size="13" font-family="{FONTS[0]}">N</text>')
    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(body)}</svg>'.encode()
