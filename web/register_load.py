"""`baochu load register`: an import without a page: the report is printed, and written where that was said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typer

from command import register_import
from command.register_import import Job, Preview
from gis_data.errors import Invalid
from gis_data.registers import rows
from gis_data.settings import settings
from gis_data.sources.register_file import Terms
from gis_data.world import SYSTEM
from web.console import opened, out, say


def load_file(
    key: str, file: str, datum: str, *, mapping: Path | None = None, layer: str | None = None, replace: bool = False,
    accept: bool = False, keep_datum: bool = False, demo: bool = False, yes: bool = False, as_json: bool = False,
) -> None:  # fmt: skip
    """Upload, check and, with `yes`, confirm; ends with exit code 1 where nothing could be written.

    Raises Invalid for a file or service that cannot be read and for a datum that is not known.
    """
    config = settings()
    engine = opened(config)
    register = rows.get_register(key)
    if file.startswith(("http://", "https://")):
        job = register_import.start_service(engine, SYSTEM, key, file, layer, config.data)
        layer = None
    else:
        path = Path(file)
        if not path.is_file():
            raise Invalid(f"找不到文件 {path.name}", f"No such file: {path.name}", field="file")
        with path.open("rb") as content:
            job = register_import.start(engine, SYSTEM, key, path.name, content, config.data)
    seen = register_import.preview(engine, SYSTEM, job.id, layer, config.data)
    names = seen.mapping
    if mapping is not None:
        names = register_import.suggestion(engine, SYSTEM, job.id, layer, mapping, config.data)
    numbers = {f.name: "accept" for f in register.all_fields if f.type in ("integer", "number", "text")}
    answers = numbers if accept else {}
    terms = Terms(datum, names, seen.layer, answers, replace, demo, keep_datum)
    job = register_import.check(engine, SYSTEM, job.id, terms, config.data, say)
    if yes and job.state == "checked" and job.report and job.report["good"]:
        job = register_import.confirm(engine, SYSTEM, job.id, "baochu load register", config.data)
    folder = register_import.folder(config.data, job.id)
    if as_json:
        out.print_json(json.dumps({"state": job.state, "load_id": job.load_id, "mapping": names, "report": job.report,
                                   "folder": str(folder)}, default=str))  # fmt: skip
    else:
        _tell(job, seen, names, folder)
    if job.state != "confirmed":
        raise typer.Exit(0 if job.state == "checked" and job.report and job.report["good"] and not yes else 1)


def _tell(job: Job, seen: Preview, names: dict[str, str], folder: Path) -> None:
    report: dict[str, Any] = job.report or {}
    for column in seen.columns:
        out.print(f"  {column} → {names.get(column, '（不导入 left out）')}", markup=False)
    for figure in report["figures"]:
        values = "，".join(f"{reading} {value:g} {figure['unit']}" for reading, value in figure["values"].items())
        out.print(f"  坐标 {figure['zh']}（{figure['n']} 行）：{values}", markup=False)
    if report["refused"]:
        out.print(
            f"坐标系统存疑：所述 {report['stated']}，更像 {report['suspected']}；未收。"
            f"对照图 picture: {folder / 'evidence.svg'}\n"
            f"Refused: stated {report['stated']}, fits {report['suspected']} better; see the picture.",
            markup=False,
        )
        return
    rejected = report["rows"] - report["good"]
    out.print(
        f"{job.register}: {report['rows']} 行 rows；新增 new {report['new']}，修改 changed {report['changed']}，"
        f"未变 unchanged {report['unchanged']}，停用 closed {report['closed']}，退回 rejected {rejected}",
        markup=False,
    )
    for found in report["findings"][:20]:
        where = "全部 all" if found["row"] is None else f"{report['word']} {found['row']}"
        hint = f" → {found['suggestion']}" if found["suggestion"] is not None else ""
        out.print(f"  {found['level']} {where} {found['field']}: {found['zh']}{hint}", markup=False)
    if rejected:
        out.print(f"  退回清单 rejects: {folder / 'rejects.csv'}", markup=False)
    if job.state == "confirmed":
        out.print(f"已写入 written: {report['good']}", markup=False)
    if job.state == "checked":
        out.print("未写入；核对无误后加 --yes。 Nothing is written yet: add --yes.", markup=False)
