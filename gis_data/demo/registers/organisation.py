"""Organisations, posts, their holders, and who answers for what: district, town, village, household.

A few gaps are left on purpose, so that the gap list has something to show: zone 330106FF0040, waterlogging point WL-60,
the last reservoir and the last household have nobody; two posts have no person, three no phone; two posts stand with
their holder on leave and no deputy.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from gis_data.demo import plan
from gis_data.demo.registers.communities import Communities, Lying, town
from gis_data.demo.registers.reference import SECTORS
from gis_data.demo.registers.sites import Frames, days, given, plain
from gis_data.registers import REGISTERS

ROLES = {
    1: ("主任", "village"), 2: ("副主任", "village"), 3: ("网格员", "grid"), 4: ("地灾群测群防员", "grid"),
    5: ("山洪预警员", "grid"),
    6: ("水利工程巡查员", "grid"), 7: ("避灾场所管理员", "grid"), 8: ("危房联络员", "grid"), 9: ("护林员", "grid"),
}  # fmt: skip
"""Posts of a community: the first three everywhere, the others where an object needs them."""
_TOWN = {1: "主要负责人", 2: "分管负责人", 3: "应急消防管理站站长", 4: "值班员", 5: "物资保管员"}
_HEADS: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    (
        "Q01",
        "演示区防汛防台抗旱指挥部",
        "headquarters",
        "区防指(演示)",
        ("总指挥", "副总指挥", "防汛办主任", "防汛办值班员"),
    ),
    ("Q02", "演示区森林防灭火指挥部", "headquarters", "区森防指(演示)", ("总指挥", "副总指挥", "森防办主任")),
    ("Q03", "演示区安全生产委员会", "headquarters", "区安委会(演示)", ("主任", "安委办主任", "安委办值班员")),
    ("Q04", "演示区防灾减灾救灾委员会", "headquarters", "区减灾委(演示)", ("主任", "减灾办主任")),
    ("Q05", "演示区应急管理局", "bureau", "应急局(演示)", ("局长", "带班领导", "值班员", "指挥中心主任", "物资保管员")),
    ("Q06", "杭州西湖风景名胜区管委会", "other", "景区管委会", ("值班负责人", "值班员")),
)
"""Code, name, kind, alias, posts."""
_MEMBERS = (
    "城市管理局", "交警大队", "公安分局", "消防救援大队", "住房和城乡建设局", "林业水利局", "规划和自然资源分局",
    "气象局", "卫生健康局",
    "民政局", "教育局", "文化旅游局", "供电公司", "通信公司", "燃气公司", "农业农村局",
)  # fmt: skip
"""From Q21 on."""
_LEADERS = "Q09"
_LEVEL = {"district": "区领导", "town": "镇街", "village": "村社", "household": "包户"}
VACANT, SILENT, ALONE = (5, 50), (9, 23), (6, 7)
"""Communities whose grid post has no person, whose second post has no phone; roles whose first post stands alone."""
TRAINED_FROM, TRAINED_TO = date(2025, 3, 1), date(2026, 6, 20)
_LINKED = (
    ("geohazard_zone", "patrol_post", 4, 2, "geohazard"), ("geohazard_point", "monitor_post", 4, 2, "geohazard"),
    ("waterlogging_point", "", 3, 3, "flood"), ("underpass", "", 3, 3, "flood"),
    ("reservoir", "patrol_post", 6, 2, "flood"),
    ("key_village", "", 1, 1, "flood"), ("shelter", "manager_post", 7, 2, None),
)  # fmt: skip
"""Register, its field that names the post (else the community's post of this role), the town's post above, hazard."""
_UNHELD = {
    "geohazard_zone": "patrol_post",
    "reservoir": "patrol_post",
    "at_risk_household": "cadre_post",
    "waterlogging_point": "",
}
"""Registers whose last row nobody answers for, and the field that would name a post."""


def with_gaps(frames: Frames) -> Frames:
    """The frames, the last row of some registers without its post."""
    found = dict(frames)
    for key, field in _UNHELD.items():
        if field:
            posts = frames[key][field].to_numpy(dtype=object, copy=True)
            posts[-1] = None
            found[key] = frames[key].assign(**{field: posts})
    return found


def organisations(communities: Communities) -> pd.DataFrame:
    """Rows of `organization`."""
    rows: list[tuple[str, str, str, str | None, list[str] | None, str | None]] = [
        (f"DEMO-O-{code}", name, kind, None if code in ("Q01", "Q06") else "DEMO-O-Q01", [alias], None)
        for code, name, kind, alias, _ in _HEADS
    ]
    rows.append((f"DEMO-O-{_LEADERS}", "演示区领导包镇街责任组", "headquarters", "DEMO-O-Q01", None, None))
    rows += [
        (f"DEMO-O-Q{11 + i}", f"演示{name}专业委员会", "committee", "DEMO-O-Q03", [f"{name}专委会(演示)"], None)
        for i, (_, name, _) in enumerate(SECTORS)
    ]
    rows += [
        (f"DEMO-O-Q{21 + i}", f"演示区{name}", "member_unit", "DEMO-O-Q01", None, None)
        for i, name in enumerate(_MEMBERS)
    ]
    rows += [
        (town(code), f"{name}(演示)", "town", "DEMO-O-Q06" if code == plan.SCENIC else "DEMO-O-Q01", None, code)
        for code, name, *_ in plan.UNITS
    ]
    rows += [
        (c, n, "village", town(u), None, u)
        for c, n, u in zip(communities.code, communities.name, communities.unit, strict=True)
    ]
    code, name, kind, parent, aliases, unit = zip(*rows, strict=True)
    return plain(
        {
            "code": code, "name": name, "admin_code": unit, "aliases": pd.Series(aliases, dtype=object),
            "kind": kind, "parent_code": parent, "duty_phone": [f"0571-0100{i:04d}" for i in range(1, len(rows) + 1)],
            "since": date(2021, 1, 1),
        }
    )  # fmt: skip


def links(frames: Frames, communities: Communities, at: dict[str, Lying]) -> pd.DataFrame:
    """Rows of `responsibility_link`; `at` says where rows of registers lie that name no post themselves."""
    rows: list[tuple[Any, ...]] = []
    for i, (unit, name, *_) in enumerate(plan.UNITS):
        chief = "DEMO-O-Q06-G1" if unit == plan.SCENIC else f"DEMO-O-{_LEADERS}-G{i + 1}"
        rows.append(("district", chief, None, "admin_unit", unit, None, unit, name))
        for rank, over in ((1, chief), (2, f"{town(unit)}-G1"), (3, f"{town(unit)}-G2")):
            rows.append(("town", f"{town(unit)}-G{rank}", over, "admin_unit", unit, None, unit, f"{name}{_TOWN[rank]}"))
    for code, name, unit in zip(communities.code, communities.name, communities.unit, strict=True):
        rows.append(("village", f"{code}-G1", f"{town(unit)}-G1", "organization", code, None, unit, f"{name}主任"))
    for key, field, role, above, hazard in _LINKED:
        frame = frames[key]
        posts = frame[field].to_numpy() if field else np.array(at[key].posts(role), dtype=object)
        held = zip(frame["code"], frame["name"], frame["admin_code"], posts, strict=True)
        rows += [
            ("village", post, f"{town(unit)}-G{above}", key, code, hazard, unit, name)
            for i, (code, name, unit, post) in enumerate(held)
            if post and not (key in _UNHELD and i == len(frame) - 1)
        ]
    homes = frames["at_risk_household"]
    for row in homes.iloc[:-1].itertuples():
        unit, cadre = str(row.admin_code), str(row.cadre_post)
        head = f"{cadre.rsplit('-', 1)[0]}-G1"
        chief = head if cadre != head else f"{town(unit)}-G1"
        rows.append(("household", cadre, chief, "at_risk_household", row.code, "flood", unit, row.name))
    levels, post, superior, register, codes, hazards, units, names = zip(*rows, strict=True)
    return plain(
        {
            "code": [f"DEMO-RL{i:04d}" for i in range(1, len(rows) + 1)],
            "name": [f"{n}{_LEVEL[own]}责任" for n, own in zip(names, levels, strict=True)], "admin_code": units,
            "level": levels, "post_code": post, "superior_code": superior,
            "object_register": register, "object_code": codes, "hazard": hazards,
        }
    )  # fmt: skip


def posts(frames: Frames, communities: Communities) -> pd.DataFrame:
    """Rows of `post`: of the district, the towns, the communities, and those that some object or link names."""
    rows: list[tuple[Any, ...]] = []
    for code, name, _, _, titles in _HEADS:
        for i, title in enumerate(titles, 1):
            rows.append((f"DEMO-O-{code}-G{i}", f"{name}{title}", f"DEMO-O-{code}", "district",
                         f"DEMO-O-{code}-G{i + 1}" if i < len(titles) else None, None))  # fmt: skip
    for i, (unit, name, *_) in enumerate(plan.UNITS):
        rows.append(
            (
                f"DEMO-O-{_LEADERS}-G{i + 1}",
                f"区领导(包{name}, 演示)",
                f"DEMO-O-{_LEADERS}",
                "district",
                "DEMO-O-Q01-G2",
                None,
            )
        )
        for k, title in _TOWN.items():
            rows.append(
                (
                    f"{town(unit)}-G{k}",
                    f"{name}{title}(演示)",
                    town(unit),
                    "town",
                    f"{town(unit)}-G{k + 1}" if k < 4 else None,
                    unit,
                )
            )
    for i, (_, name, _) in enumerate(SECTORS):
        rows.append((f"DEMO-O-Q{11 + i}-G1", f"演示{name}专委会联络员", f"DEMO-O-Q{11 + i}", "district", None, None))
    for i, name in enumerate(_MEMBERS):
        own = f"DEMO-O-Q{21 + i}"
        rows.append((f"{own}-G1", f"演示区{name}分管负责人", own, "district", f"{own}-G2", None))
        rows.append((f"{own}-G2", f"演示区{name}联络员", own, "district", None, None))
    for row in frames["team"].itertuples():
        rows.append((row.leader_post, f"{row.name}队长", row.organization_code, "district", None, row.admin_code))
    named = _named(frames)
    alone: set[int] = set()
    for code, name, unit in zip(communities.code, communities.name, communities.unit, strict=True):
        for role, (title, level) in ROLES.items():
            own = f"{code}-G{role}"
            if role > 3 and own not in named:
                continue
            deputy = f"{code}-G{2 if role != 2 else 3}" if role != 3 else f"{code}-G2"
            if role in ALONE and role not in alone:
                alone.add(role)
                deputy = ""  # a gap on purpose
            rows.append((own, f"{name}{title}", code, level, deputy or None, unit))
    codes, names, organisation, levels, deputies, units = zip(*rows, strict=True)
    phone = np.array([f"0571-02{i:06d}" for i in range(1, len(rows) + 1)], dtype=object)
    quiet = [f"{communities.code[i]}-G2" for i in SILENT] + [next(c for c in codes if str(c).endswith("-G8"))]
    phone[np.isin(np.array(codes), quiet)] = None
    return plain(
        {
            "code": codes, "name": names, "admin_code": units, "organization_code": organisation, "level": levels,
            "phone": phone, "deputy_code": deputies, "duties": [f"履行{n}职责(演示)" for n in names],
        }
    )  # fmt: skip


def _named(frames: Frames) -> set[str]:
    """The posts that rows name."""
    found: set[str] = set()
    for key, frame in frames.items():
        for field in REGISTERS[key].fields:
            if field.refers == "post" and field.name in frame:
                found |= set(frame[field.name].dropna())
    return found


def holders(rows: pd.DataFrame, communities: Communities, rng: np.random.Generator) -> pd.DataFrame:
    """Rows of `post_holder`: one a post but for the gaps; a few heads are on leave while their deputies are there."""
    vacant = [f"{communities.code[i]}-G3" for i in VACANT]
    kept = rows[~rows["code"].isin(vacant)].reset_index(drop=True)
    n = len(kept)
    lone = kept["deputy_code"].isna() & kept["code"].str.fullmatch(r"DEMO-O-\d{9}-\d\d-G\d")
    head = kept["code"].str.fullmatch(r"DEMO-O-\d{9}-\d\d-G1")
    trained = np.array(days(rng, n, TRAINED_FROM, TRAINED_TO), dtype=object)
    return plain(
        {
            "code": [f"DEMO-PH{i:04d}" for i in range(1, n + 1)],
            "name": [f"{name}在岗人员" for name in kept["name"]],
            "admin_code": kept["admin_code"],
            "post_code": kept["code"],
            "holder": [f"演示干部{i:04d}" for i in range(1, n + 1)],
            "holder_phone": [f"100-0002-{i:04d}" for i in range(1, n + 1)],
            "trained_at": given(rng.random(n) > 0.12, trained),
            "since": days(rng, n, date(2021, 3, 1), date(2026, 3, 1)),
            "on_leave": (lone | (head & (rng.random(n) < 0.05))).to_numpy(),
        }
    )
