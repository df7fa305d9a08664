"""The DEMO plans of the synthetic district, as files that a bureau can take for a pattern."""

from __future__ import annotations

from importlib.resources import files


def plans() -> list[bytes]:
    """The files, by name."""
    found = sorted((one for one in files(__name__).iterdir() if one.name.endswith(".yaml")), key=lambda one: one.name)
    return [one.read_bytes() for one in found]
