"""The catalogue: every layer says what it is in both languages and leaves the warning colours to warnings."""

from __future__ import annotations

import re

import pytest

from layers.catalog import LAYERS, Layer

WARNING_COLOURS = {"#D7191C", "#F57C00", "#FDD835", "#1E88E5"}
DRILL = "#B07CFF"


def test_all_layers_are_there() -> None:
    assert set(LAYERS) == {
        "terrain", "hillshade", "landcover", "water", "buildings", "roads", "admin", "places", "population",
        "shelters", "protected_targets", "routes", "closures", "teams", "incidents",
    }  # fmt: skip


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
