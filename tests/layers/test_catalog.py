"""The catalogue: every layer says what it is in both languages and leaves the warning colours to warnings."""

from __future__ import annotations

import re

import pytest

from gis_data.registers import REGISTERS
from gis_data.tables import TABLES
from layers.catalog import LAYERS, Layer

WARNING_COLOURS = {"#D7191C", "#F57C00", "#FDD835", "#1E88E5"}
DRILL = "#B07CFF"


def test_all_layers_are_there() -> None:
    own = {
        "terrain", "hillshade", "contours", "landcover", "water", "buildings", "roads", "admin", "places", "population",
        "shelters", "protected_targets", "town_colour", "routes", "closures", "suggestions", "flood_roads",
        "fire_run", "gas_zones", "sight", "scene_marks", "rain_field", "cyclones", "gauge_state", "hazard_state",
        "teams", "devices", "incidents",
    }  # fmt: skip
    assert own < set(LAYERS)
    assert set(LAYERS) - own == {
        key for key, r in REGISTERS.items() if r.look and key not in ("shelter", "team", "protected_target")
    }


def test_every_register_that_says_it_has_a_layer_has_one() -> None:
    assert {r.layer for r in REGISTERS.values() if r.layer} <= set(LAYERS)
    assert {layer.register_key for layer in LAYERS.values()} >= {"shelter", "protected_target", "reservoir"}


def test_people_are_never_on_tiles() -> None:
    shown = {layer.table.removeprefix("gis.") for layer in LAYERS.values() if layer.table}
    assert not shown & {key for key, r in REGISTERS.items() if r.personal}


@pytest.mark.parametrize("layer", [x for x in LAYERS.values() if x.register_key], ids=lambda layer: layer.id)
def test_a_registers_layer_shows_columns_of_its_table(layer: Layer) -> None:
    assert layer.register_key
    assert set(layer.attributes) <= set(TABLES[layer.register_key].c.keys())
    assert layer.group == "base" or (layer.theme_zh and layer.theme_en)


def test_areas_lie_under_lines_and_lines_under_points() -> None:
    shapes = [layer.shape for layer in LAYERS.values() if layer.register_key == layer.id]
    assert shapes == sorted(shapes, key=["fill", "line", "point"].index)


@pytest.mark.parametrize("layer", LAYERS.values(), ids=lambda layer: layer.id)
def test_a_layer_is_whole(layer: Layer) -> None:
    assert LAYERS[layer.id] is layer
    words = [(layer.title_zh, layer.title_en), (layer.freshness_zh, layer.freshness_en)]
    words += [(item.label_zh, item.label_en) for item in layer.legend]
    assert bool(layer.legend) == (layer.kind != "live")
    assert all(zh and en for zh, en in words)
    assert not any(re.search("[\u4e00-\u9fff]", en) for _, en in words)
    assert bool(layer.scale_zh) == bool(layer.scale_en)
    assert 0 <= layer.min_zoom <= layer.max_zoom <= 22
    colours = {item.color for item in layer.legend}
    assert all(re.fullmatch("#[0-9A-F]{6}", colour) for colour in colours)
    assert not colours & (WARNING_COLOURS | {DRILL})


@pytest.mark.parametrize("layer", LAYERS.values(), ids=lambda layer: layer.id)
def test_only_vector_layers_have_a_table(layer: Layer) -> None:
    vector = layer.kind == "vector"
    assert bool(layer.table) == vector
    assert bool(layer.attributes) == vector
    if layer.table:
        assert layer.table.startswith("gis.")
        assert not {"geom", "geom_3857", "valid_to"} & set(layer.attributes)


def test_the_population_legend_names_its_scale() -> None:
    assert LAYERS["population"].scale_zh == "每格网常住人口（人）"
