"""Every notebook runs from top to bottom, and says what it is meant to say."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
SAYS = {
    "01_who_is_there_first": ["{'T1': 7.3, 'T2': 4.3}", "{'T1': 7.6, 'T2': 4.3}", "1300, 2.6"],
    "02_a_map_to_hand_over": ["容量不详", "1300, 2.6", "('0.3 MB', True, False)"],
    "03_how_the_roads_answer": [
        "(276, 282, True)",
        "(True, True, True)",
        "(94.5, 450, 275, 266250.0)",
        "(73.8, 535, 190, 414500.0)",
        "(100.0, 725, 0, 698750.0)",
    ],
}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path) -> None:
    assert path.stem in SAYS
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    assert not any(cell.get("outputs") for cell in notebook.cells), "commit notebooks without their outputs"
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}}).execute()
    shown = [
        output["data"].get("text/plain", "")
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "data" in output
    ]
    for wanted in SAYS[path.stem]:
        assert any(wanted in text for text in shown), (wanted, shown)
