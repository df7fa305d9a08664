"""What trigger rules newly say: a proposal with its evidence, once for each truth. Nothing is ever started here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from command.board import record
from command.responses import decisions, plans, rules
from command.responses.events import RulesTurned
from command.responses.rules import NAMES, Evaluated
from command.responses.tables import RuleMemory
from gis_data.db import Reading, Writing, reading, writing
from gis_data.plans import ROMAN
from gis_data.tables import PlanEdition
from gis_data.world import SYSTEM, World


@dataclass(frozen=True)
class _Turn:
    """What is to be written of a rule: its memory, and whether it proposes its level."""

    plan: PlanEdition
    rule: Evaluated
    before: RuleMemory | None
    spent: bool
    proposes: bool

    @property
    def turned(self) -> bool:
        """Its truth is another one than before."""
        return (self.before.truth if self.before else "false") != NAMES[self.rule.truth]


def settle(world: World) -> None:
    """Look at all rules of the plans in force; propose what has become true above the present level."""
    with reading(world) as tx:
        if not any(_turns(tx)):
            return
    with writing(world, SYSTEM) as now:
        turns = list(_turns(now))
        for turn in turns:
            _remember(now, turn)
        for name, zh, en in (
            ("false", "不再满足", "no longer true"),
            ("unknown", "是否满足不明", "not known any more"),
        ):
            gone = [one for one in turns if one.turned and NAMES[one.rule.truth] == name]
            if gone:
                named = "、".join(f"{one.plan.track_zh}{ROMAN[one.rule.level]}级" for one in gone)
                keys = [f"{one.plan.track}:{one.plan.jurisdiction}:{one.rule.level}" for one in gone]
                some = ", ".join(f"{one.plan.track_en} {ROMAN[one.rule.level]}" for one in gone)
                record(now, RulesTurned(f"启动条件{zh}：{named}", f"Rules {en}: {some}", keys, name))
        for turn in turns:
            if turn.proposes:
                plan, rule = turn.plan, turn.rule
                decisions.make(
                    now, plan.track, plan.jurisdiction, rule.level, evidence=rule.evidence, sources=sorted(rule.sources)
                )


def _turns(tx: Reading) -> Iterator[_Turn]:
    """What is new about the rules. Of a plan the highest new truth proposes; lower ones wait for what becomes of it."""
    editions = plans.in_force(tx.session, tx.at)
    if not editions:
        return
    m = RuleMemory
    kept = {(row.track, row.jurisdiction, row.level): row for row in tx.session.scalars(select(m))}
    for key, found in rules.evaluate(tx, editions.values()).items():
        response = decisions.response_of(tx.session, *key)
        if response and not response.own:
            continue
        present = (response.level if response else 0) or 5
        waiting = {one.to_level for one in decisions.open_decisions(tx.session, *key)}
        free = not any(0 < level < present for level in waiting)
        for rule in sorted(found, key=lambda one: one.level):
            before, truth = kept.get((*key, rule.level)), NAMES[rule.truth]
            turned = (before.truth if before else "false") != truth
            again = before is None or (truth == "true" and turned and bool(rule.sources - set(before.sources)))
            spent = bool(before and before.spent and not again and truth != "false")
            proposes = truth == "true" and not spent and rule.level < present and free
            if truth == "true":
                spent = spent or proposes or rule.level >= present or rule.level in waiting
            if proposes:
                free = False
            known = before is not None or truth == "true"
            if known and (turned or spent != (before.spent if before else False)):
                yield _Turn(editions[key], rule, before, spent, proposes)


def _remember(tx: Writing, turn: _Turn) -> None:
    row, truth = turn.before, NAMES[turn.rule.truth]
    if row is None:
        row = RuleMemory(
            track=turn.plan.track, jurisdiction=turn.plan.jurisdiction, level=turn.rule.level, sources=[], since=tx.at
        )
        tx.session.add(row)
    if turn.turned:
        row.since = tx.at
    row.truth, row.spent, row.recorded_at = truth, turn.spent, tx.real_at
    if truth == "true":
        row.sources = sorted(turn.rule.sources)
    elif truth == "false":
        row.sources = []
