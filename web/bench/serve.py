"""The server with three layers more, the same tables without any generalisation by zoom: for the benchmark alone."""

from __future__ import annotations

from dataclasses import replace

from layers.catalog import LAYERS

PLAIN = {"roads": "plain_roads", "buildings": "plain_buildings", "places": "plain_places"}
"""Layer of the catalogue → the plain one."""
FIRST_ZOOM, LAST_ZOOM = 10, 17


def add_plain_layers() -> None:
    """Put the plain layers into the catalogue of this process."""
    for name, plain in PLAIN.items():
        LAYERS[plain] = replace(
            LAYERS[name],
            id=plain,
            attributes=tuple(dict.fromkeys(("id", *LAYERS[name].attributes))),
            min_zoom=FIRST_ZOOM,
            max_zoom=LAST_ZOOM,
        )


if __name__ == "__main__":
    from web.cli import serve

    add_plain_layers()
    serve()
