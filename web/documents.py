"""Documents as Word and PDF, each with the map's picture and the list of its sources."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import datetime
from html import escape
from math import cos, radians
from pathlib import Path
from typing import Any

import docx
import typst
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from command.reports.documents import KINDS, stamp
from command.reports.tables import Document
from gis_data.errors import Unavailable

TEMPLATE = Path(__file__).parent / "document_sheet.typ"
FONTS = ("Noto Serif CJK SC", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Zen Hei")
WIDTH, HEIGHT = 900.0, 600.0
"""The map's size in points of its own."""
NOT_FOR_THE_PUBLIC = "内部文件，非对外预警　Internal, not a public warning"


def labels(row: Document, *, drill: bool) -> str:
    """What each page says at its top."""
    draft = "" if row.state == "released" else "草稿 未经签发 DRAFT"
    return "　".join(part for part in ("演练 EXERCISE" if drill else "", draft, KINDS[row.kind][0]) if part)


def pdf(row: Document, *, drill: bool) -> bytes:
    """As a PDF. Raises Unavailable where the machine has no Chinese font."""
    said = {
        "title": _title(row, drill), "no": row.no, "label": labels(row, drill=drill), "drill": drill,
        "draft": row.state != "released", "under": _under(row), "caption": _caption(row), "fonts": _fonts(),
        "paragraphs": [{"head": one["head"], "lines": one["text"].splitlines()} for one in row.paragraphs],
        "sources": [one | {"at": _short(one["at"])} for one in row.sources],
    }  # fmt: skip
    files = {
        "main": TEMPLATE.read_bytes(), "document.json": json.dumps(said, ensure_ascii=False).encode(),
        "map.svg": svg(row.picture).encode(),
    }  # fmt: skip
    made: bytes = typst.compile(files, format="pdf")  # type: ignore[call-overload]  # its stub leaves out dicts of files
    return made


def word(row: Document, *, drill: bool) -> bytes:
    """As a Word file, to be worked on."""
    made, font = docx.Document(), _fonts()[0]
    style = made.styles["Normal"]
    style.font.name, style.font.size = font, Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), font)
    section = made.sections[0]
    head = section.header.paragraphs[0].add_run(f"{row.no}　{labels(row, drill=drill)}")
    head.font.size, head.font.color.rgb = Pt(10), RGBColor(0xB0, 0, 0) if drill else RGBColor(0x55, 0x55, 0x55)
    section.footer.paragraphs[0].add_run(NOT_FOR_THE_PUBLIC).font.size = Pt(9)
    title = made.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run(_title(row, drill))
    run.bold, run.font.size = True, Pt(18)
    made.add_paragraph(_under(row)).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for one in row.paragraphs:
        if one["head"]:
            made.add_paragraph().add_run(one["head"]).bold = True
        for line in one["text"].splitlines():
            made.add_paragraph(line).paragraph_format.first_line_indent = Pt(24)
    made.add_picture(io.BytesIO(png(row.picture)), width=Cm(15.5))
    made.add_paragraph(_caption(row)).alignment = WD_ALIGN_PARAGRAPH.CENTER
    made.add_paragraph().add_run("数据来源 Sources").bold = True
    table = made.add_table(rows=1, cols=4, style="Table Grid")
    rows = [("序", "来源", "编号", "时间"), *((str(s["n"]), s["zh"], s["id"], _short(s["at"])) for s in row.sources)]
    for n, some in enumerate(rows):
        cells = (table.rows[0] if n == 0 else table.add_row()).cells
        for cell, words in zip(cells, some, strict=True):
            cell.paragraphs[0].add_run(words).font.size = Pt(9)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _fonts() -> list[str]:
    there = set(typst.Fonts().families())
    fonts = [name for name in FONTS if name in there]
    if not fonts:
        raise Unavailable(
            "缺少中文字体，请安装 fonts-noto-cjk。", "No Chinese font: install fonts-noto-cjk.", field="fonts"
        )
    return fonts


def _title(row: Document, drill: bool) -> str:
    return f"【演练】{row.title}" if drill else row.title


def _under(row: Document) -> str:
    said = f"截至 {stamp(row.as_of)}　态势记录第 {row.seq} 号"
    return said + (f"　{row.released_by}签发于 {stamp(row.released_at)}" if row.released_at else "　草稿，须经签发")


def _caption(row: Document) -> str:
    named = "；".join(f"{one['n']} {one['title']}" for one in row.picture["incidents"])
    return f"态势图（{stamp(row.as_of)}）：红叉线为管制路段，蓝线为队伍路线" + (
        f"，圆点为事件：{named}" if named else ""
    )


def _short(at: str) -> str:
    return stamp(datetime.fromisoformat(at))


def png(picture: dict[str, Any]) -> bytes:
    """The map as a picture of points, for Word."""
    page = b'#set page(width: auto, height: auto, margin: 0pt)\n#image("map.svg", width: 450pt)'
    files = {"main": page, "map.svg": svg(picture).encode()}
    made: bytes = typst.compile(files, format="png", ppi=200.0)  # type: ignore[call-overload]
    return made


def svg(picture: dict[str, Any]) -> str:
    """The map, north up: towns outlined, roads grey, closures red and crossed, routes blue, incidents numbered."""
    west, south, east, north = picture["box"]
    flat = cos(radians((south + north) / 2))
    scale = min(WIDTH / ((east - west) * flat), HEIGHT / (north - south))
    left, top = (WIDTH - (east - west) * flat * scale) / 2, (HEIGHT - (north - south) * scale) / 2

    def at(lon: float, lat: float) -> tuple[float, float]:
        return round(left + (lon - west) * flat * scale, 1), round(top + (north - lat) * scale, 1)

    def drawn(lines: Sequence[Any], style: str) -> str:
        parts = ["M" + " L".join("{} {}".format(*at(x, y)) for x, y, *_ in line) for line in lines if len(line) > 1]
        return f'<path d="{" ".join(parts)}" fill="none" stroke-linejoin="round" {style}/>' if parts else ""

    body = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        drawn(picture["towns"], 'stroke="#8a8a8a" stroke-width="1.2" stroke-dasharray="7 3"'),
        drawn(picture["roads"], 'stroke="#c4c4c4" stroke-width="1"'),
        drawn(picture["routes"], 'stroke="#1f5fae" stroke-width="3"'),
        drawn(picture["closures"], 'stroke="#c02020" stroke-width="5"'),
    ]
    for line in picture["closures"]:
        x, y = at(*line[len(line) // 2][:2]) if len(line) > 2 else at(*(sum(c) / 2 for c in zip(*line, strict=True)))
        body.append(f'<path d="M{x - 7} {y - 7} L{x + 7} {y + 7} M{x - 7} {y + 7} L{x + 7} {y - 7}" stroke="#c02020"'
                    ' stroke-width="3"/>')  # fmt: skip
    for one in picture["incidents"]:
        x, y = at(one["lon"], one["lat"])
        body.append(f'<circle cx="{x}" cy="{y}" r="10" fill="#d9480f" stroke="#fff" stroke-width="2"/>')
        body.append(f'<text x="{x}" y="{y + 4.5}" font-size="13" text-anchor="middle" fill="#fff"'
                    f' font-family="{FONTS[1]}">{escape(str(one["n"]))}</text>')  # fmt: skip
    metres = scale / 111_320  # points a metre
    bar = max((m for m in (100, 200, 500, 1000, 2000, 5000, 10_000) if m * metres <= WIDTH / 4), default=100)
    x, y = 16.0, HEIGHT - 16
    body.append(f'<path d="M{x} {y - 6} V{y} H{x + bar * metres:.1f} V{y - 6}" fill="none" stroke="#111"'
                ' stroke-width="1.5"/>')  # fmt: skip
    body.append(f'<text x="{x + 5}" y="{y - 6}" font-size="14" font-family="{FONTS[1]}">{bar} m</text>')
    body.append(f'<path d="M{WIDTH - 24} 44 L{WIDTH - 17} 14 L{WIDTH - 10} 44 Z" fill="#111"/>')
    body.append(f'<rect width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#333" stroke-width="1.5"/>')
    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    clip = f'<clipPath id="f"><rect width="{WIDTH}" height="{HEIGHT}"/></clipPath>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{clip}<g clip-path="url(#f)">{"".join(body)}</g></svg>'
