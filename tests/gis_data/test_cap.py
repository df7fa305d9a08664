"""CAP 1.2: as the OASIS schema has it, safe to read, eight fields, chains of messages, and drills apart from live."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from gis_data.errors import Denied, Invalid
from gis_data.sources import cap
from gis_data.sources.cap import Alert, Area, Info, Key, Resource, read, shape, write
from gis_data.sources.cap_chain import admit, chain, highest, in_force, superseded
from gis_data.sources.cap_warning import DEMO, FIELDS, Signal, signals, to_cap

CHINA = timezone(timedelta(hours=8))
TEN = datetime(2026, 7, 1, 10, 0, tzinfo=CHINA)
YELLOW = Signal(
    "rainstorm", "yellow", TEN, (Area("西湖区", geocodes=(("GB/T 2260", "330106"),)),),
    "预计未来 6 小时雨量将达 50 毫米以上", "注意防范，停止户外作业", "DEMO 气象台", TEN, "暴雨", "暴雨黄色预警信号",
    TEN + timedelta(hours=6),
)  # fmt: skip


def message(**other: Any) -> bytes:
    return to_cap(replace(YELLOW, **other), "live", "demo@example", "M-1", status="Actual")


@pytest.fixture(scope="session")
def messages(shared_data: Path) -> Path:
    return shared_data.parent / "reference/cap"


@pytest.fixture(scope="session")
def schema(messages: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(messages / "cap12.xsd"))


def agrees(schema: etree.XMLSchema, raw: bytes) -> bool:
    """Whether the schema takes these bytes."""
    return bool(schema.validate(etree.fromstring(raw)))


def test_a_real_message_of_canada(messages: Path) -> None:
    raw = (messages / "canada.cap").read_bytes()
    found = read(raw)
    assert (found.kind, found.status, found.scope) == ("Update", "Actual", "Public")
    assert [info.language for info in found.infos] == ["en-CA", "fr-CA"]
    assert found.references[1] == Key(
        "cap@ec.gc.ca", "2.49.0.1.124.60f31a3a.2012", datetime(2012, 5, 2, 21, 55, 21, tzinfo=UTC)
    )
    windsor = found.infos[0].areas[0]
    assert windsor.polygons[0][0] == windsor.polygons[0][-1] == (-82.9314, 42.3481)
    assert windsor.geocodes[0] == ("layer:EC-MSC-SMC:1.0:CLC", "041420")
    assert shape(windsor).bounds == pytest.approx((-83.1224, 41.7134, -82.3198, 42.3481))
    assert (found.raw, found.sha256) == (raw, sha256(raw).hexdigest())


@pytest.mark.parametrize("name", ["canada", "earthquake", "weather"])
def test_real_messages_as_they_are_and_in_the_namespace_of_1_2(
    name: str, messages: Path, schema: etree.XMLSchema
) -> None:
    raw = (messages / f"{name}.cap").read_bytes()
    if agrees(schema, raw):
        read(raw)
    else:  # CAP 1.1
        with pytest.raises(Invalid, match=r"no CAP 1\.2"):
            read(raw)
    now = raw.replace(b"cap:1.1", b"cap:1.2")
    assert agrees(schema, now)
    written = write(read(now))
    assert agrees(schema, written)
    assert read(written) == read(now)


# What a message may hold, and what it may not.

FROM_TO = (datetime(2000, 1, 1), datetime(2100, 1, 1))  # noqa: DTZ001
_words = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
_names = st.from_regex(r"[a-z0-9@._:\-]{1,8}", fullmatch=True)
_moments = st.datetimes(*FROM_TO).map(
    lambda one: one.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=one.minute * 14 - 400)))
)
_maybe = st.none() | _moments
_points = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
_named = st.lists(st.tuples(_words, _words), max_size=2).map(tuple)
_rings = st.lists(_points, min_size=3, max_size=5).map(lambda points: (*points, points[0]))
_areas = st.builds(
    Area, desc=_words, geocodes=_named,
    polygons=st.lists(_rings, max_size=2).map(tuple),
    circles=st.lists(st.tuples(_points, st.floats(0, 1e4)), max_size=2).map(tuple),
    altitude_ft=st.none() | st.decimals(-1000, 9999, places=2), ceiling_ft=st.none() | st.just(Decimal(9)),
)  # fmt: skip


def _some(words: tuple[str, ...], least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(words), min_size=least, max_size=3).map(tuple)


_infos = st.builds(
    Info, categories=_some(cap.CATEGORIES, 1), event=_words, urgency=st.sampled_from(cap.URGENCIES),
    severity=st.sampled_from(cap.SEVERITIES), certainty=st.sampled_from(cap.CERTAINTIES),
    language=st.sampled_from(("", "zh-CN", "en")), responses=_some(cap.RESPONSES), audience=_words, event_codes=_named,
    effective=_maybe, onset=_maybe, expires=_maybe, sender_name=_words, headline=_words, description=_words,
    instruction=_words, web=st.sampled_from(("", "http://example/a?b=%20c#d")), contact=_words, parameters=_named,
    resources=st.lists(st.builds(Resource, _words, _words, st.none() | st.integers(0, 10**9)), max_size=1).map(tuple),
    areas=st.lists(_areas, max_size=2).map(tuple),
)  # fmt: skip
ALERTS = st.builds(
    Alert, identifier=_names, sender=_names, sent=_moments, status=st.sampled_from(cap.STATUSES),
    kind=st.sampled_from(cap.KINDS), scope=st.sampled_from(cap.SCOPES), source=_words, restriction=_words,
    addresses=_words, codes=st.lists(_words, max_size=2).map(tuple), note=_words, incidents=_words,
    references=st.lists(st.builds(Key, _names, _names, _moments), max_size=2).map(tuple),
    infos=st.lists(_infos, max_size=2).map(tuple),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(alert=ALERTS)
def test_what_is_written_is_valid_and_is_read_as_it_was_meant(schema: etree.XMLSchema, alert: Alert) -> None:
    written = write(alert)
    assert agrees(schema, written)
    assert read(written) == alert


WRONG = (
    "", " ", "actual", "No", "2026-07-01", "2026-07-01T10:00:00Z", "2026-07-01T10:00:00.5+08:00", "1e3", "12.5",
    "2026-07-01T24:00:00+08:00", "2026-07-01T10:00:00+14:30", "２０２６-07-01T10:00:00+08:00", "x y", "en_US", " 7 ",
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(alert=ALERTS, seed=st.integers(0, 2**32), text=st.sampled_from(WRONG))
def test_nothing_that_the_schema_refuses_is_read(schema: etree.XMLSchema, alert: Alert, seed: int, text: str) -> None:
    """One damage to a sound message: an element away, doubled, moved, renamed, with an attribute, or of other text."""
    chance = random.Random(seed)
    root = etree.fromstring(write(alert))
    each = chance.choice([one for one in root.iter() if one is not root])
    parent = each.getparent()
    damage = chance.choice(("remove", "double", "move", "rename", "attribute", "text", "tail", "child", "namespace"))
    if damage == "remove":
        parent.remove(each)
    elif damage == "double":
        parent.insert(parent.index(each), etree.fromstring(etree.tostring(each)))
    elif damage == "move":
        parent.insert(0, each)
    elif damage == "rename":
        each.tag = f"{{{cap.NAMESPACE}}}{chance.choice(('note', 'info', 'event', 'alert'))}"
    elif damage == "attribute":
        each.set(chance.choice(("lang", "{http://www.w3.org/XML/1998/namespace}lang")), "zh")
    elif damage == "text":
        each.text = text
    elif damage == "tail":
        each.tail = text
    elif damage == "child":
        etree.SubElement(each, f"{{{cap.NAMESPACE}}}value")
    else:
        each.tag = f"{{urn:other}}{etree.QName(each).localname}"
    raw = etree.tostring(root)
    if not agrees(schema, raw):
        with pytest.raises(Invalid):
            read(raw)
    elif damage not in ("text", "rename", "move", "child"):  # where the standard's words ask for more than the schema
        read(raw)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("<areaDesc>", "<polygon>30,120 30,121 31,121</polygon><areaDesc>", "area[1]/areaDesc"),
        ("</areaDesc>", "</areaDesc><polygon>30,120 30,121 31,121</polygon>", "area[1]/polygon[1]"),
        ("</areaDesc>", "</areaDesc><polygon>30,120 30,121 31,121 30,120.1</polygon>", "area[1]/polygon[1]"),
        ("</areaDesc>", "</areaDesc><polygon>120,30 121,30 121,31 120,30</polygon>", "area[1]/polygon[1]"),
        ("</areaDesc>", "</areaDesc><circle>30,120 -1</circle>", "area[1]/circle[1]"),
        ("</areaDesc>", "</areaDesc><circle>30,120</circle>", "area[1]/circle[1]"),
        ("M-1", "M 1", "alert/identifier"),
        ("</scope>", "</scope><references>a,b</references>", "alert/references"),
    ],
)  # fmt: skip
def test_what_the_standard_asks_beyond_the_schema(old: str, new: str, field: str) -> None:
    raw = message().decode()
    assert old in raw
    with pytest.raises(Invalid) as refused:
        read(raw.replace(old, new, 1).encode())
    assert str(refused.value.field).endswith(field)


def test_nothing_is_fetched_expanded_or_swallowed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("do not tell")
    body = message().decode().split("?>", 1)[1]
    bombs = "".join(f'<!ENTITY b{n + 1} "{f"&b{n};" * 10}">' for n in range(9))
    for dtd in (f'<!ENTITY x SYSTEM "{secret.as_uri()}">', f'<!ENTITY b0 "x">{bombs}<!ENTITY x "&b9;">', ""):
        hostile = f"<!DOCTYPE alert [{dtd}]>" + (body.replace("西湖区", "&x;") if dtd else body)
        with pytest.raises(Invalid):
            read(hostile.encode())
        with pytest.raises(Invalid):
            read(hostile.encode("utf-16"))
    with pytest.raises(Invalid, match="larger"):
        read(message(), limit=100)
    with pytest.raises(Invalid, match="well-formed"):
        read(message()[:-20])
    with pytest.raises(Invalid):
        message(cautions="\x07")


def test_a_signed_message_is_kept_to_the_byte(schema: etree.XMLSchema) -> None:
    signature = b'<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo a="1"/>  </ds:Signature>'
    raw = message().replace(b"</alert>", signature + b"</alert>")
    assert agrees(schema, raw)
    found = read(raw)
    assert found.signed
    assert found.raw == raw
    with pytest.raises(Invalid):
        read(message().replace(b"<info>", signature + b"<info>"))


# Warnings.


def test_eight_fields_out_and_in_again(schema: etree.XMLSchema) -> None:
    raw = message()
    assert agrees(schema, raw)
    alert = read(raw)
    assert signals(alert) == (replace(YELLOW, source=alert.key),)
    assert alert.infos[0].severity == "Moderate"
    assert alert.scope == "Restricted"


@pytest.mark.parametrize(
    ("tag", "name"),
    [("event", "kind"), ("onset", "starts_at"), ("areaDesc", "areas"), ("description", "cautions"),
     ("instruction", "measures"), ("senderName", "issuer")],
)  # fmt: skip
def test_the_missing_one_of_the_eight_is_named(tag: str, name: str) -> None:
    root = etree.fromstring(message())
    names = {"onset": ("onset", "effective"), "areaDesc": ("areaDesc", "geocode")}.get(tag, (tag,))
    for each in [one for one in root.iter() if etree.QName(one).localname in names]:
        if tag in ("event", "areaDesc"):
            each.text = ""
        if tag not in ("event",) and etree.QName(each).localname != "areaDesc":
            each.getparent().remove(each)
    with pytest.raises(Invalid) as refused:
        signals(read(etree.tostring(root)))
    zh, en, _ = FIELDS[name]
    assert refused.value.field == name
    assert zh in refused.value.zh
    assert en in refused.value.en


def test_all_that_is_missing_is_named_at_once() -> None:
    info = Info(("Met",), "某种天气", "Unknown", "Unknown", "Unknown")
    with pytest.raises(Invalid) as refused:
        signals(Alert("a", "b", TEN, "Actual", "Alert", "Public", infos=(info,)))
    assert all(FIELDS[name][0] in refused.value.zh for name in FIELDS if name not in ("kind", "issued_at"))
    with pytest.raises(Invalid, match="measures"):
        to_cap(replace(YELLOW, measures=" "), "live", "a", "b")


def info_of(**other: Any) -> Alert:
    alert = read(message())
    plain = replace(alert.infos[0], event_codes=(), parameters=(), severity="Unknown", event="天气", headline="")
    return replace(alert, infos=(replace(plain, **other),))


@pytest.mark.parametrize(
    ("other", "kind", "colour"),
    [
        ({"headline": "杭州市发布暴雨橙色预警"}, "rainstorm", "orange"),
        ({"headline": "地质灾害气象风险红色预警"}, "geohazard", "red"),
        ({"event": "雷雨大风", "severity": "Minor"}, "thunderstorm", "blue"),
        ({"event": "暴雨红色", "headline": "暴雨橙色升级为红色"}, "rainstorm", "red"),
        ({"headline": "暴雨橙色预警升级为红色", "severity": "Extreme"}, "rainstorm", "red"),
        ({"parameters": (("预警级别", "Ⅱ级"),), "severity": "Minor"}, "other", "orange"),
        ({"event_codes": (("any", "typhoon"),), "event": "暴雨", "severity": "Severe"}, "typhoon", "orange"),
    ],
)
def test_kind_and_colour_by_the_table(other: dict[str, Any], kind: str, colour: str) -> None:
    (found,) = signals(info_of(**other))
    assert (found.kind, found.colour) == (kind, colour)


def test_a_level_that_nothing_states_is_missing() -> None:
    with pytest.raises(Invalid) as refused:
        signals(info_of(headline="暴雨橙色预警升级为红色"))
    assert refused.value.field == "colour"


def test_a_table_of_ones_own() -> None:
    own = replace(DEMO, kinds=(replace(DEMO.kinds[0], codes=("X9",)),))
    assert signals(info_of(event_codes=(("own", "X9"),), severity="Minor"), own)[0].kind == "rainstorm"


def test_one_language_is_taken_chinese_first() -> None:
    alert = read(message())
    chinese = alert.infos[0]
    english = replace(chinese, language="en-US", event="Rainstorm", description="Rain")
    assert [one.cautions for one in signals(replace(alert, infos=(english, chinese)))] == [YELLOW.cautions]
    assert [one.cautions for one in signals(replace(alert, infos=(english,)))] == ["Rain"]
    assert len(signals(replace(alert, infos=(chinese, replace(chinese, event="大风"))))) == 2


# Drill and live.


def test_a_drill_sends_exercises_alone(schema: etree.XMLSchema) -> None:
    for status in ("Actual", "Draft", "Exercise"):
        raw = to_cap(YELLOW, "drill", "a", "b", status=status)
        assert agrees(schema, raw)
        assert read(raw).status == "Exercise"
        assert "演练" in read(raw).note
    assert read(to_cap(YELLOW, "live", "a", "b")).status == "Draft"
    with pytest.raises(Invalid):
        to_cap(YELLOW, "live", "a", "b", status="Exercise")


def test_an_internal_prompt_never_goes_out_as_a_warning() -> None:
    own = replace(YELLOW, official=False)
    with pytest.raises(Denied):
        to_cap(own, "live", "a", "b", status="Actual")
    draft = read(to_cap(own, "live", "a", "b"))
    assert (draft.status, draft.scope) == ("Draft", "Restricted")
    assert "非对外预警" in draft.note


@pytest.mark.parametrize("status", cap.STATUSES)
def test_each_world_keeps_its_own_status(status: str) -> None:
    alert = replace(read(message()), status=status)
    for mode, kept in (("live", "Actual"), ("drill", "Exercise")):
        if status == kept:
            assert admit(alert, mode) is alert  # type: ignore[arg-type]
        else:
            with pytest.raises(Invalid) as refused:
                admit(alert, mode)  # type: ignore[arg-type]
            assert refused.value.field == "status"
            assert status in refused.value.zh


# Chains.


def told(identifier: str, minute: int, kind: str = "Alert", refers: str = "", **other: Any) -> Alert:
    """A message of the first hour; it refers to those named, which were sent at the minute of their number."""
    keys = tuple(Key("demo@example", each, TEN + timedelta(minutes=int(each[1:]))) for each in refers.split())
    alert = replace(read(message()), identifier=identifier, sent=TEN + timedelta(minutes=minute))
    return replace(alert, kind=kind, references=keys, **other)


def standing(alerts: list[Alert], minute: int, mode: Any = "live") -> list[str]:
    return [one.identifier for one in in_force(alerts, TEN + timedelta(minutes=minute), mode)]


def test_yellow_becomes_orange_becomes_red_and_is_lifted() -> None:
    story = [
        told("a0", 0),
        told("u5", 5, "Update", "a0"),
        told("u9", 9, "Update", "a0 u5"),
        told("c20", 20, "Cancel", "u9"),
    ]
    assert [standing(story, minute) for minute in (0, 4, 5, 8, 9, 19, 20)] == [
        ["a0"], ["a0"], ["u5"], ["u5"], ["u9"], ["u9"], []
    ]  # fmt: skip
    assert standing(story[::-1], 9) == ["u9"]
    assert [one.identifier for one in chain(story[::-1], story[1].key)] == ["a0", "u5", "u9", "c20"]
    by = superseded(story, TEN + timedelta(hours=1))
    assert {old.identifier: new.identifier for old, new in by.items()} == {"a0": "u5", "u5": "u9", "u9": "c20"}


def test_what_does_not_lift() -> None:
    a = told("a0", 0)
    assert standing([a, told("k5", 5, "Ack", "a0")], 10) == ["a0"]
    assert standing([a, told("c5", 5, "Cancel", "a0", status="Exercise")], 10) == ["a0"]
    assert standing([a, told("c5", 5, "Cancel", "a0", sender="other@example")], 10) == ["a0"]


def test_it_runs_out_and_is_cleared() -> None:
    assert standing([told("a0", 0)], 359) == ["a0"]
    assert standing([told("a0", 0)], 360) == []
    clear = told("u5", 5, "Update", "a0")
    clear = replace(clear, infos=(replace(clear.infos[0], responses=("AllClear",)),))
    assert standing([told("a0", 0), clear], 6) == []
    assert signals(clear) == ()


def test_an_exercise_is_in_force_in_a_drill_alone() -> None:
    both = [told("a0", 0), told("a1", 1, status="Exercise")]
    assert (standing(both, 5), standing(both, 5, "drill")) == (["a0"], ["a1"])


def test_the_same_message_again_is_the_same_and_another_text_is_refused() -> None:
    a = told("a0", 0)
    assert standing([a, replace(a, raw=b"other spaces")], 1) == ["a0"]
    with pytest.raises(Invalid, match="a0"):
        standing([a, replace(a, note="changed")], 1)


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_order_and_repetition_change_nothing(data: st.DataObject) -> None:
    story: list[Alert] = []
    for minute in range(data.draw(st.integers(1, 7))):
        before = [one.identifier for one in story]
        refers = data.draw(st.lists(st.sampled_from(before), max_size=2, unique=True)) if before else []
        kind = data.draw(st.sampled_from(("Alert", "Update", "Cancel", "Ack")))
        story.append(told(f"m{minute}", minute, kind, " ".join(refers)))
    shuffled = data.draw(st.permutations(story + data.draw(st.lists(st.sampled_from(story), max_size=3))))
    for minute in range(8):
        ended = {
            r.identifier for one in story[: minute + 1] if one.kind in ("Update", "Cancel") for r in one.references
        }
        expected = [
            one.identifier
            for one in story[: minute + 1]
            if one.kind in ("Alert", "Update") and one.identifier not in ended
        ]
        assert standing(shuffled, minute) == standing(story, minute) == expected
        known = [one for one in shuffled if one.sent <= TEN + timedelta(minutes=minute)]
        assert standing(known, minute) == expected  # what comes later changes nothing now


def test_the_highest_of_each_kind_on_every_town() -> None:
    def over(code: str, **other: Any) -> Signal:
        return replace(YELLOW, areas=(Area("", geocodes=(("", code),)),), **other)

    towns = ["330106010", "330106011", "330106100", "330108001"]
    found = highest(
        [over("330106"), over("330106010000", colour="orange"), over("330106", colour="red", official=False),
         over("330100", kind="gale", colour="blue"), over("330106010", colour="blue"),
         over("330106", colour="red", ends_at=TEN)],
        towns, TEN,
    )  # fmt: skip
    assert {key: one.colour for key, one in found.items()} == {
        ("330106010", "rainstorm"): "orange",
        **{(town, "rainstorm"): "yellow" for town in towns[1:3]},
        **{(town, "gale"): "blue" for town in towns},
    }  # fmt: skip
