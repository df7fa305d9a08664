"""One self-contained page with any layers, for notebooks, hand-overs and a machine with no network."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import folium
import numpy as np
import shapely
from branca.element import Element, Figure
from jinja2 import Template

from gis_data.errors import Invalid
from layers.catalog import LegendItem
from layers.map_layer import Look, MapLayer

MAX_FEATURES = 30_000
MAX_VERTICES = 400_000
TOLERANCES_M = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
SMALL = 10_000  # a layer of fewer vertices is never simplified
DASHES = {"dashed": "9 6", "dotted": "1 7", "hatched": "4 4"}
HERE = Path(__file__).parent
ADDRESS = re.compile(r"https?://(?!www\.w3\.org/)[^\s\"'<>)\\]+")
Box = tuple[float, float, float, float]


class _Drawn(folium.map.Layer):
    """A `MapLayer` as our own script draws it; small beside a style and a popup for each feature."""

    _template = Template(
        "{% macro script(this, kwargs) %}var {{ this.get_name() }} = baochu.layer({{ this.text }});{% endmacro %}"
    )

    def __init__(self, layer: MapLayer) -> None:
        super().__init__(escape(layer.title).replace("{", "&#123;"), overlay=True, show=layer.shown)
        self.text = _script_json(_data(layer))


class _Raw(Element):
    """Text that goes into the page as it is, whatever braces it has."""

    _template = Template("{{ this.text }}")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


def base_map(assets: Path) -> folium.Map:
    """An empty dark folium map that carries Leaflet in itself and asks nothing of any other place.

    Parameters
    ----------
    assets : Leaflet's `dist` folder (`leaflet.js`, `leaflet.css`, `images/`).
    """
    if not (assets / "leaflet.js").is_file():
        raise Invalid(
            f"{assets} 里没有 Leaflet：请先运行 make up 构建页面。",
            f"There is no Leaflet in {assets}: build the page first, with make up.",
            field="assets",
        )

    def image(match: re.Match[str]) -> str:
        return f"url({_data_uri('image/png', (assets / match[1]).read_bytes())})"

    script = re.sub(r"\n//# sourceMappingURL=.*", "", (assets / "leaflet.js").read_text("utf-8"))
    css = re.sub(r"url\((images/[^)]+)\)", image, (assets / "leaflet.css").read_text("utf-8"))
    page = folium.Map(tiles=None, prefer_canvas=True, attribution_control=False, zoom_snap=0.25)
    page.default_js = [
        (name, _data_uri("text/javascript", ADDRESS.sub("", text).encode()))
        for name, text in (("leaflet", script), ("baochu", (HERE / "folium_map.js").read_text("utf-8")))
    ]
    page.default_css = [
        (name, _data_uri("text/css", ADDRESS.sub("", text).encode()))
        for name, text in (("leaflet_css", css), ("baochu_css", (HERE / "folium_map.css").read_text("utf-8")))
    ]
    return page


def offline_map(
    layers: Sequence[MapLayer],
    *,
    assets: Path,
    title: str = "",
    notes: Sequence[str] = (),
    drill: bool = False,
    review_no: str = "",
    box: Box | None = None,
) -> folium.Map:
    """The layers on one map that works with no internet: legend, names, scale, north, layer control, popups.

    Write it with `.save(path)`, or let a notebook show it. The marks that must not be forgotten come by themselves:
    演示数据 DEMO across the map as soon as a layer `is_demo`, 演练 in a drill, 内部使用 unless a map review number
    (审图号) is given. Geometry above `MAX_VERTICES` vertices is simplified, and the map says so.

    Parameters
    ----------
    layers : from the ground up; titles are unique. assets : as in `base_map`. notes : lines under the title, such as
        dates. box : west, south, east, north in EPSG:4490 to open on; without it, all that is drawn.

    Raises
    ------
    Invalid : nothing to draw, more than `MAX_FEATURES` features, or too much detail even when simplified.
    """
    features = sum(len(layer.frame) for layer in layers)
    if features > MAX_FEATURES:
        raise Invalid(
            f"共 {features} 个要素，一张地图最多 {MAX_FEATURES} 个：请缩小范围或减少图层。",
            f"{features} features; a map holds {MAX_FEATURES} at most: choose a smaller box or fewer layers.",
            field="layers",
        )
    drawn, simplified = _simplify(layers)
    page = base_map(assets)
    for layer in drawn:
        _Drawn(layer).add_to(page)
    names = [name for name, child in page._children.items() if isinstance(child, _Drawn)]
    folium.LayerControl(collapsed=False).add_to(page)
    figure = page.get_root()
    assert isinstance(figure, Figure)
    figure.title = escape(title or "保俶 Baochu")
    marks = [*(["演练 DRILL"] if drill else []), *(["演示数据 DEMO"] if any(one.is_demo for one in layers) else [])]
    figure.html.add_child(_Raw(_chrome(title, notes, marks, drill, review_no, simplified)))
    page.add_child(_Finish(page.get_name(), names, box or _bounds(layers)))
    return page


class _Finish(folium.MacroElement):
    """The last word: names, legend, order of the layers."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "baochu.finish({{ this.page }}, [{{ this.names }}], {{ this.corners }});{% endmacro %}"
    )

    def __init__(self, page: str, names: Sequence[str], box: Box) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        west, south, east, north = box
        self.page, self.names, self.corners = page, ", ".join(names), [[south, west], [north, east]]


def _bounds(layers: Sequence[MapLayer]) -> Box:
    """The box of all that is drawn."""
    boxes = np.array([layer.frame.total_bounds for layer in layers if len(layer.frame)]).reshape(-1, 4)
    boxes = boxes[np.isfinite(boxes).all(axis=1)]
    if not len(boxes):
        raise Invalid("没有可画的内容。", "There is nothing to draw.", field="layers")
    (west, south), (east, north) = boxes[:, :2].min(axis=0).tolist(), boxes[:, 2:].max(axis=0).tolist()
    return west, south, east, north


def _simplify(layers: Sequence[MapLayer]) -> tuple[list[MapLayer], str]:
    """Layers that fit into `MAX_VERTICES`, and what has been done to which; a tolerance in metres on the ground."""

    def size(layer: MapLayer) -> int:
        return int(shapely.get_num_coordinates(layer.frame.geometry.to_numpy()).sum())

    sizes = [size(layer) for layer in layers]
    drawn, said = list(layers), ""
    for tolerance_m in TOLERANCES_M:
        if sum(size(layer) for layer in drawn) <= MAX_VERTICES:
            return drawn, said
        drawn = [
            _simpler(layer, tolerance_m) if count >= SMALL else layer
            for layer, count in zip(layers, sizes, strict=True)
        ]
        named = "、".join(layer.title for layer, count in zip(layers, sizes, strict=True) if count >= SMALL)
        said = f"已简化（容差 {tolerance_m:g} m）Simplified: {named}"
    if sum(size(layer) for layer in drawn) <= MAX_VERTICES:
        return drawn, said
    raise Invalid(
        f"图形过细，一张地图最多 {MAX_VERTICES} 个顶点：请缩小范围或减少图层。",
        f"Too much detail; a map holds {MAX_VERTICES} vertices at most: choose a smaller box or fewer layers.",
        field="layers",
    )


def _simpler(layer: MapLayer, tolerance_m: float) -> MapLayer:
    shapes = layer.frame.geometry.to_numpy()
    south, north = layer.frame.total_bounds[[1, 3]]
    degree_m = 111_320 * np.array([np.cos(np.radians((south + north) / 2)), 1.0])

    def scaled(factor: Any) -> Callable[[Any], Any]:
        return lambda xy: xy * factor

    metric = shapely.simplify(shapely.transform(shapes, scaled(degree_m)), tolerance_m)
    return replace(layer, frame=layer.frame.set_geometry(shapely.transform(metric, scaled(1 / degree_m)), crs=4490))


def _data(layer: MapLayer) -> dict[str, Any]:
    """What the page's script draws: looks by legend line, and rows as it reads them."""
    shapes = shapely.transform(layer.frame.geometry.to_numpy(), lambda xy: np.round(xy, 6))
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    shapes = shapes[there]
    item = (np.zeros(len(layer.frame), int) if layer.item is None else layer.item)[there]
    kinds = np.array(["point", "line", "fill"])[np.maximum(shapely.get_dimensions(shapes), 0)]
    kinds[(kinds == "fill") & np.isin(item, [i for i, line in enumerate(layer.legend) if line.mark == "line"])] = "line"
    frame = layer.frame[there]
    columns = {name: title for name, title in layer.columns.items() if name in frame}
    values = [[_plain(value) for value in frame[name]] for name in columns]
    names = [_plain(value) for value in frame[layer.label]] if layer.label in frame else [None] * len(frame)
    spots = shapely.get_coordinates(_spots(shapes)) if layer.label else np.zeros((len(frame), 2))
    return {
        "title": layer.title,
        "note": layer.note,
        "columns": list(columns.values()),
        "looks": [_look(line, layer.opacity) for line in layer.legend],
        "shapes": [next(iter(kinds[item == number]), "") for number in range(len(layer.legend))],
        "namesFrom": layer.label_zoom,
        "nameSize": layer.label_size,
        "nameColor": layer.label_color,
        "nameBeside": bool(len(kinds)) and bool((kinds == "point").all()),
        "rows": [
            [int(look), json.loads(geometry), list(row), name, np.round(spot, 6).tolist()]
            for look, geometry, row, name, spot in zip(
                item,
                shapely.to_geojson(shapes),
                zip(*values, strict=True) if values else [()] * len(frame),
                names,
                spots,
                strict=True,
            )
        ],
    }


def _spots(shapes: Any) -> Any:
    """Where a name stands: on the area, half way along the line (its first piece), at the point."""
    first = np.where(shapely.get_dimensions(shapes) == 1, shapely.get_geometry(shapes, 0), None)
    middle = shapely.line_interpolate_point(first, 0.5, normalized=True)
    return np.where(shapely.is_missing(middle), shapely.point_on_surface(shapes), middle)


def _look(line: LegendItem, opacity: float) -> dict[str, Any]:
    """One legend line as Leaflet's path options, with what our marks add."""
    more = line if isinstance(line, Look) else Look(**vars(line))
    hollow, outline = line.pattern == "hollow", line.mark == "line"
    return {
        "title": f"{line.label_zh} {line.label_en}" if line.label_en != line.label_zh else line.label_zh,
        "shape": line.mark,
        "radius": more.size or 6,
        "glyph": more.glyph,
        "ink": more.ink,
        "hollow": hollow,
        "edge": "#0A121C",
        "color": line.color if outline or hollow else "#3B5371",
        "weight": (more.size or (2.5 if outline else 0.6)) if outline else 0.6,
        "opacity": opacity,
        "dashArray": DASHES.get(line.pattern, ""),
        "lineCap": "butt" if line.pattern in DASHES else "round",
        "fill": not outline and not hollow,
        "fillColor": line.color,
        "fillOpacity": opacity,
    }


def _plain(value: Any) -> str | int | float | None:
    """A value as a person reads it; none stays none."""
    if isinstance(value, bool | np.bool_):
        return "是" if value else "否"
    if isinstance(value, list | tuple):
        return "、".join(map(str, value))
    if value is None or value != value or str(value) in ("NaT", "<NA>", ""):
        return None
    if isinstance(value, int | np.integer):
        return int(value)
    return round(float(value), 3) if isinstance(value, float | np.floating) else str(value)


def _chrome(
    title: str, notes: Sequence[str], marks: Sequence[str], drill: bool, review_no: str, simplified: str
) -> str:
    """Title, north, foot line and the marks across the map, as HTML."""
    kind = " sheet--drill" if drill else ""
    use = f"审图号 Map review No. {review_no}" if review_no else "内部使用，不得公开 Internal use only"
    foot = [use, "CGCS2000（EPSG:4490）", *([simplified] if simplified else [])]
    parts = [
        f'<div class="sheet sheet--title{kind}"><h1>{escape(title)}</h1><p>{"<br>".join(map(escape, notes))}</p></div>'
        if title or notes
        else "",
        '<div class="sheet sheet--north">北 N<svg viewBox="0 0 22 30" aria-hidden="true">'
        '<path d="M11 1 20 28 11 21 2 28Z" fill="#E6EDF5"/></svg></div>',
        f'<div class="sheet sheet--foot">{escape(" · ".join(foot))}</div>',
    ]
    if marks:
        colour = "#B07CFF" if drill else "#9DB0C5"
        words = escape(" · ".join(marks))
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" width="520" height="300"><text x="260" y="150" font-size="30"'
            f' font-family="sans-serif" font-weight="600" fill="{colour}" fill-opacity=".3" text-anchor="middle"'
            f' transform="rotate(-24 260 150)">{words}</text></svg>'
        )
        image = _data_uri("image/svg+xml", svg.encode())
        parts.append(f'<div class="sheet sheet--mark" title="{words}" style="background-image:url({image})"></div>')
    if drill:
        parts.append('<div class="sheet sheet--frame"></div>')
    return "\n".join(parts)


def _script_json(value: Any) -> str:
    """JSON that may stand inside a script element, and that folium, which reads it as a template, leaves alone."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text = re.sub(r"\{([{%#])", lambda m: f"{{\\u{ord(m[1]):04x}", text)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _data_uri(mime: str, content: bytes) -> str:
    return f"data:{mime};base64,{b64encode(content).decode()}"
