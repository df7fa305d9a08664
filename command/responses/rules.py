"""Trigger rules on a world as it stands: true, false, or unknown. What is not known never counts as false in silence.

Each condition is told with what it found: the value, the threshold, where it comes from, and when.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from command.responses import leaves, weather_leaves
from command.responses.leaves import Facts, Truth
from gis_data.db import Reading
from gis_data.plans import Item
from gis_data.tables import PlanEdition

LEAVES = leaves.LEAVES | weather_leaves.LEAVES
NAMES: dict[Truth, str] = {True: "true", False: "false", None: "unknown"}


@dataclass(frozen=True)
class Evaluated:
    """A rule as it stands: the findings are those of all its conditions, in order."""

    level: int
    name: str
    truth: Truth
    findings: list[Item]

    @property
    def evidence(self) -> list[Item]:
        """What makes it true, and what is not known."""
        return [one for one in self.findings if one["truth"] != "false"]

    @property
    def sources(self) -> set[str]:
        """What makes it true."""
        return {source for one in self.findings if one["truth"] == "true" for source in one["sources"]}


def evaluate(tx: Reading, editions: Iterable[PlanEdition]) -> dict[tuple[str, str], list[Evaluated]]:
    """All rules of these editions as they stand now, by track and jurisdiction, the lowest level first."""
    facts = Facts(tx)
    found: dict[tuple[str, str], list[Evaluated]] = {}
    for plan in editions:
        for rule in sorted(plan.rules, key=lambda one: -int(one["level"])):
            findings: list[Item] = []
            truth = _weigh(facts, plan, rule["when"], findings)
            found.setdefault((plan.track, plan.jurisdiction), []).append(
                Evaluated(rule["level"], rule["name"], truth, findings)
            )
    return found


def _weigh(facts: Facts, plan: PlanEdition, when: Item, findings: list[Item]) -> Truth:
    """Whether a condition holds; all of its leaves are looked at, so that all are told."""
    if "of" in when:
        return at_least(when["at_least"], [_weigh(facts, plan, one, findings) for one in when["of"]])
    for group in ("any", "all"):
        if group in when:
            parts = [_weigh(facts, plan, one, findings) for one in when[group]]
            return at_least(1 if group == "any" else len(parts), parts)
    ((name, leaf),) = when.items()
    found = LEAVES[name](facts, plan, leaf)
    findings.append({"leaf": name, "at": facts.tx.at.isoformat(), "unknown": []} | found | {"wanted": leaf})
    findings[-1]["truth"] = NAMES[found["truth"]]
    truth: Truth = found["truth"]
    return truth


def at_least(least: int, parts: Sequence[Truth]) -> Truth:
    """Whether so many hold: no while even the unknown ones would not be enough, unknown while they would."""
    held = sum(one is True for one in parts)
    if held >= least:
        return True
    return None if held + sum(one is None for one in parts) >= least else False
