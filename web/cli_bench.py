"""`baochu bench …`: measured beside a peer, in one run on this machine."""

from __future__ import annotations

import json
import signal
import sys
from dataclasses import asdict

import typer
from rich.table import Table

from gis_data.settings import settings
from web.bench import BENCHES, Row, bench
from web.console import AsJson, out, say

app = typer.Typer(no_args_is_help=True, help="性能 Measure beside a peer, in one run on this machine.")


def _shown(rows: list[Row]) -> Table:
    table = Table("项目 work", "规模 size", "我方 ours", "对方 theirs", "比 ratio", "单位 unit", "要求 wanted", "")
    for row in rows:
        table.add_row(
            row.work,
            row.size,
            f"{row.ours:,.1f}",
            "—" if row.theirs is None else f"{row.theirs:,.1f} ({row.against})",
            "—" if row.ratio is None else f"{row.ratio:.2f}",
            row.unit,
            row.wanted,
            "[green]✓[/green]" if row.met else "[red]✗[/red]",
        )
    return table


def _command(name: str, help_: str) -> None:
    @app.command(name, help=f"{help_}\n\nExample: baochu bench {name} --json")
    def run(as_json: AsJson = False) -> None:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was made for the run is put away
        rows = bench(name)(settings(), say)
        if as_json:
            out.print_json(json.dumps([asdict(row) for row in rows], ensure_ascii=False))
        else:
            out.print(_shown(rows))
        if not all(row.met for row in rows):
            raise typer.Exit(1)


for _name, (_help, _) in BENCHES.items():
    _command(_name, _help)
