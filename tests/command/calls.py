"""A village with the handbook's four posts (scenario A, step 6), and what answers for it; all DEMO."""

from __future__ import annotations

from sqlalchemy import Engine

from tests.command.slopes import TOWNS, insert

VILLAGE = f"{TOWNS[0]}001"
POSTS = (
    ("P-Q", "演示区领导", "district", "0571-0000001", None, "O-Q"),
    ("P-Z", "演示镇主要负责人", "town", "0571-0000002", "P-Z2", "O-Z"),
    ("P-Z2", "演示镇分管负责人", "town", "0571-0000003", None, "O-Z"),
    ("P-C", "演示村主任", "village", "0571-0000004", "P-C2", "O-C"),
    ("P-C2", "演示村副主任", "village", "0571-0000005", "P-C", "O-C"),
    ("P-G", "演示村山洪预警员", "grid", "0571-0000006", "P-C2", "O-C"),
    ("P-W", "演示村网格员", "grid", "0571-0000007", None, "O-C"),
    ("P-H", "演示村包户干部", "grid", "0571-0000008", "P-C2", "O-C"),
)
"""Code, name, level, telephone, deputy, organisation."""
FOUR = ("P-Q", "P-Z", "P-C", "P-G")
"""Those that answer for V-07: its warning post, its head, its town's and the district's leaders."""


def add_posts(engine: Engine, *, household: bool = True) -> None:
    """Posts, and who answers for V-07 (see `tests.command.slopes`) and a household of it."""
    for code, name, level, phone, deputy, of in POSTS:
        insert(
            engine, "post", code=code, name=name, level=level, phone=phone, deputy_code=deputy, organization_code=of,
        )  # fmt: skip
    insert(
        engine, "responsibility_link", code="L-1", name="村责任", level="village", post_code="P-C",
        superior_code="P-Z", object_register="key_village", object_code="V-07", admin_code=VILLAGE,
    )  # fmt: skip
    insert(
        engine, "responsibility_link", code="L-2", name="镇责任", level="town", post_code="P-Z", superior_code="P-Q",
        object_register="admin_unit", object_code=TOWNS[0], admin_code=TOWNS[0],
    )  # fmt: skip
    insert(
        engine, "responsibility_link", code="L-3", name="社区责任", level="village", post_code="P-C",
        superior_code="P-Z", object_register="organization", object_code="O-C", admin_code=VILLAGE,
    )  # fmt: skip
    with engine.begin() as connection:
        connection.exec_driver_sql("update gis.key_village set transfer_post = 'P-G' where code = 'V-07'")
    if not household:
        return
    insert(
        engine, "at_risk_household", "st_setsrid(st_point(:x, 30.2), 4490)", x=120.103, code="H-01", name="演示01户",
        village="演示村", hazards=["flood"], object_register="key_village", object_code="V-07", persons=3,
        cadre_post="P-H", admin_code=VILLAGE,
    )  # fmt: skip
