"""Loss statistics by town (灾情统计, handbook 5.13): the indicators, and the rules that they must keep. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Row = Mapping[str, float]
"""Indicator → figure; what is not there counts as 0."""
DISTRICT = "district"
"""The row of the district in what goes wrong."""
CENT = 0.005


@dataclass(frozen=True)
class Indicator:
    """One figure. `grows`: it is counted from the beginning, and may fall only by a correction."""

    key: str
    zh: str
    en: str
    unit: str
    group: str
    whole: bool = True
    grows: bool = True


def _count(
    group: str, unit: str, *some: tuple[str, str, str], whole: bool = True, grows: bool = True
) -> list[Indicator]:
    return [Indicator(key, zh, en, unit, group, whole, grows) for key, zh, en in some]


INDICATORS: dict[str, Indicator] = {
    one.key: one
    for one in (
        *_count("人口", "人",
            ("affected", "受灾人口", "Affected persons"), ("dead", "因灾死亡人口", "Dead"),
            ("missing", "因灾失踪人口", "Missing"), ("injured", "因灾伤病人口", "Injured"),
            ("serious", "其中：重伤", "of which serious")),
        *_count("转移安置", "人",
            ("evacuated", "紧急避险转移人口", "Evacuated from danger"),
            ("resettled", "紧急转移安置人口（累计）", "Resettled, cumulative"),
            ("resettled_central", "其中：集中安置（累计）", "of which centrally, cumulative"),
            ("resettled_dispersed", "其中：分散安置（累计）", "of which dispersed, cumulative"),
            ("aid", "需紧急生活救助人口（累计）", "In need of aid, cumulative")),
        *_count("转移安置", "人",
            ("resettled_now", "紧急转移安置人口（当前）", "Resettled now"),
            ("resettled_central_now", "其中：集中安置（当前）", "of which centrally, now"),
            ("resettled_dispersed_now", "其中：分散安置（当前）", "of which dispersed, now"),
            ("aid_now", "需紧急生活救助人口（当前）", "In need of aid now"), grows=False),
        *_count("转移安置", "个", ("sites", "集中安置点（当前）", "Central sites now"), grows=False),
        *_count("房屋", "间",
            ("collapsed", "倒塌房屋", "Rooms collapsed"), ("collapsed_homes", "其中：倒塌住房", "of which homes"),
            ("badly_damaged", "严重损坏房屋", "Rooms seriously damaged"), ("damaged", "一般损坏房屋", "Rooms damaged")),
        *_count("房屋", "户", ("collapsed_households", "倒塌住房户数", "Households with collapsed homes")),
        *_count("农业", "公顷",
            ("crops_affected", "农作物受灾面积", "Crops affected"),
            ("crops_damaged", "其中：成灾面积", "of which damaged"),
            ("crops_lost", "其中：绝收面积", "of which lost"), whole=False),
        *_count("基础设施", "公里",
            ("roads", "损坏公路", "Roads damaged"), ("dykes", "损坏堤防", "Dykes damaged"), whole=False),
        *_count("基础设施", "个",
            ("enterprises", "受损企业", "Enterprises damaged"), ("schools", "受损学校", "Schools damaged"),
            ("hospitals", "受损医疗机构", "Hospitals damaged"), ("reservoirs", "损坏水库", "Reservoirs damaged")),
        *_count("直接经济损失", "万元",
            ("loss", "直接经济损失", "Direct economic loss"),
            ("loss_homes", "其中：住房及家庭财产", "Homes and property"),
            ("loss_agriculture", "其中：农业", "Agriculture"), ("loss_industry", "其中：工商业", "Industry, commerce"),
            ("loss_infrastructure", "其中：基础设施", "Infrastructure"),
            ("loss_public", "其中：公共服务", "Public service"), ("loss_other", "其中：其他", "Other"), whole=False),
    )
}  # fmt: skip

PARTS: tuple[tuple[str, str], ...] = (
    ("serious", "injured"), ("dead", "affected"), ("missing", "affected"), ("injured", "affected"),
    ("evacuated", "affected"), ("resettled", "affected"), ("collapsed_homes", "collapsed"),
    ("crops_damaged", "crops_affected"), ("crops_lost", "crops_damaged"), ("resettled_now", "resettled"),
    ("resettled_central_now", "resettled_central"), ("resettled_dispersed_now", "resettled_dispersed"),
    ("aid_now", "aid"), ("collapsed_households", "collapsed_homes"),
)  # fmt: skip
"""A part is no more than the whole; what is current is no more than what is cumulative."""
SUMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("resettled", ("resettled_central", "resettled_dispersed")),
    ("resettled_now", ("resettled_central_now", "resettled_dispersed_now")),
    ("loss", ("loss_homes", "loss_agriculture", "loss_industry", "loss_infrastructure", "loss_public", "loss_other")),
)
"""A total is the sum of its parts."""


@dataclass(frozen=True)
class Wrong:
    """What is wrong: the row (a town's code, or `district`) and the indicator."""

    row: str
    field: str
    zh: str
    en: str


def check(
    towns: Mapping[str, Row], district: Row, before: Mapping[str, Row] | None = None, correction: str = ""
) -> list[Wrong]:
    """All rules on what is about to be handed in.

    Parameters
    ----------
    towns : rows by town. district : the district's own row. before : towns of the report before.
    correction : why a cumulative figure is lower than before; with it, it may be.
    """
    found: list[Wrong] = []
    for row, figures in (*towns.items(), (DISTRICT, district)):
        wrong = list(_values(row, figures))
        found += wrong or _inside(row, figures)
    if found:
        return found
    for key, one in INDICATORS.items():
        total = sum(row.get(key, 0) for row in towns.values())
        if abs(total - district.get(key, 0)) > CENT:
            found.append(
                Wrong(
                    DISTRICT, key,
                    f"{one.zh}：各镇街之和 {_said(total)} ≠ 全区 {_said(district.get(key, 0))} {one.unit}",
                    f"{one.en}: towns sum to {_said(total)}, the district says {_said(district.get(key, 0))}",
                )
            )  # fmt: skip
    if not correction.strip():
        found += _fallen(towns, before or {})
    return found


def _values(row: str, figures: Row) -> Iterator[Wrong]:
    for key, value in figures.items():
        one = INDICATORS.get(key)
        if one is None:
            yield Wrong(row, key, f"没有指标“{key}”", f"There is no indicator “{key}”")
        elif not 0 <= value < 1e9 or (one.whole and value != int(value)):
            yield Wrong(row, key, f"{one.zh}不能为 {_said(value)}", f"{one.en} cannot be {_said(value)}")


def _inside(row: str, figures: Row) -> Iterator[Wrong]:
    for part, whole in PARTS:
        if figures.get(part, 0) > figures.get(whole, 0) + CENT:
            a, b = INDICATORS[part], INDICATORS[whole]
            yield Wrong(
                row, part, f"{a.zh} {_said(figures[part])} 大于 {b.zh} {_said(figures.get(whole, 0))}",
                f"{a.en} {_said(figures[part])} is more than {b.en} {_said(figures.get(whole, 0))}",
            )  # fmt: skip
    for whole, parts in SUMS:
        total = sum(figures.get(part, 0) for part in parts)
        if abs(total - figures.get(whole, 0)) > CENT:
            one = INDICATORS[whole]
            yield Wrong(
                row, whole, f"{one.zh} {_said(figures.get(whole, 0))} ≠ 各分项之和 {_said(total)}",
                f"{one.en} {_said(figures.get(whole, 0))} is not the sum of its parts, {_said(total)}",
            )  # fmt: skip


def _fallen(towns: Mapping[str, Row], before: Mapping[str, Row]) -> Iterator[Wrong]:
    for row, old in before.items():
        for key, was in old.items():
            one, now = INDICATORS[key], towns.get(row, {}).get(key, 0)
            if one.grows and now < was - CENT:
                yield Wrong(
                    row, key, f"{one.zh}由 {_said(was)} 降为 {_said(now)}：累计数下降须说明更正原因",
                    f"{one.en} falls from {_said(was)} to {_said(now)}: say why it is corrected",
                )  # fmt: skip


def _said(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
