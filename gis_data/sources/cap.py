"""CAP 1.2 messages: bytes to values and back, by the rules of the OASIS schema and some of the standard's text.

Source: OASIS, Common Alerting Protocol Version 1.2, 1 July 2010. What the schema leaves open and the standard asks for
in words is checked too: closed polygons, circles, references, numbers without spaces and commas. A signature is kept
with the bytes as they came; it is not verified.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

import shapely
from lxml import etree
from pyproj import Geod

from gis_data.errors import Invalid
from gis_data.sources.cap_schema import (
    NAMESPACE,
    SIGNATURE,
    Field,
    Group,
    Point,
    Text,
    circle,
    decimal,
    language,
    moment,
    name,
    read_group,
    ring,
    uri,
    whole,
    write_group,
)

LIMIT = 2_000_000
"""Bytes of a message; more is refused unread."""

STATUSES = ("Actual", "Exercise", "System", "Test", "Draft")
KINDS = ("Alert", "Update", "Cancel", "Ack", "Error")
SCOPES = ("Public", "Restricted", "Private")
CATEGORIES = (
    "Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other",
)  # fmt: skip
RESPONSES = ("Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None")
URGENCIES = ("Immediate", "Expected", "Future", "Past", "Unknown")
SEVERITIES = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
CERTAINTIES = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")

Circle = tuple[Point, float]
"""A centre and kilometres."""
Named = tuple[str, str]
"""A valueName and its value."""


@dataclass(frozen=True)
class Key:
    """What a message is known by, and what another refers to."""

    sender: str
    identifier: str
    sent: datetime


@dataclass(frozen=True)
class Area:
    """An area: words, closed rings, circles of (centre, kilometres), geocodes; heights in feet."""

    desc: str
    polygons: tuple[tuple[Point, ...], ...] = ()
    circles: tuple[Circle, ...] = ()
    geocodes: tuple[Named, ...] = ()
    altitude_ft: Decimal | None = None
    ceiling_ft: Decimal | None = None


@dataclass(frozen=True)
class Resource:
    """A file that a message points to or carries."""

    desc: str
    mime_type: str
    size: int | None = None
    uri: str = ""
    content: str = ""
    digest: str = ""


@dataclass(frozen=True)
class Info:
    """What a message says, in one language."""

    categories: tuple[str, ...]
    event: str
    urgency: str
    severity: str
    certainty: str
    language: str = ""
    responses: tuple[str, ...] = ()
    audience: str = ""
    event_codes: tuple[Named, ...] = ()
    effective: datetime | None = None
    onset: datetime | None = None
    expires: datetime | None = None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    parameters: tuple[Named, ...] = ()
    resources: tuple[Resource, ...] = ()
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True)
class Alert:
    """A message. `raw` holds its bytes as they came; two messages are equal when they say the same."""

    identifier: str
    sender: str
    sent: datetime
    status: str
    kind: str
    scope: str
    source: str = ""
    restriction: str = ""
    addresses: str = ""
    codes: tuple[str, ...] = ()
    note: str = ""
    references: tuple[Key, ...] = ()
    incidents: str = ""
    infos: tuple[Info, ...] = ()
    signed: bool = field(default=False, compare=False)
    raw: bytes = field(default=b"", compare=False, repr=False)
    sha256: str = field(default="", compare=False)

    @property
    def key(self) -> Key:
        """What it is known by."""
        return Key(self.sender, self.identifier, self.sent)


def read(raw: bytes, limit: int = LIMIT) -> Alert:
    """A message from its bytes. Raises Invalid, naming the element, where it is no sound CAP 1.2 message."""
    if len(raw) > limit:
        raise Invalid(f"报文超过 {limit:,} 字节。", f"The message is larger than {limit:,} bytes.", field="file")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Invalid(f"不是合格的 XML：{error}", f"This is no well-formed XML: {error}", field="file") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Invalid("报文不得带 DTD。", "A message must not bring a DTD.", field="file")
    if root.tag != f"{{{NAMESPACE}}}alert":
        raise Invalid(
            f"不是 CAP 1.2 报文，根元素应为 {NAMESPACE} 的 alert。",
            f"This is no CAP 1.2 message: its root must be alert of {NAMESPACE}.",
            field="alert",
        )
    signatures = [child for child in root if etree.QName(child).namespace == SIGNATURE]
    values = read_group(root, _ALERT, "alert")
    return Alert(**values, signed=bool(signatures), raw=raw, sha256=sha256(raw).hexdigest())


def write(alert: Alert) -> bytes:
    """A message as UTF-8 XML, without a signature. Raises Invalid where its values make no sound message."""
    names: Any = {None: NAMESPACE}
    root = etree.Element(f"{{{NAMESPACE}}}alert", nsmap=names)
    try:
        write_group(root, alert, _ALERT)
    except ValueError as error:
        raise Invalid(f"报文含不能写入 XML 的字符：{error}", f"A character cannot stand in XML: {error}") from error
    raw: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    if read(raw) != alert:
        raise Invalid("报文的内容写出后与原值不同。", "The message would not be read as it was meant.", field="alert")
    return raw


def _references(words: str) -> tuple[Key, ...]:
    parts = [each.split(",") for each in words.split()]
    if any(len(part) != 3 for part in parts):
        raise ValueError("references are sender,identifier,sent")
    return tuple(Key(name.read(sender), name.read(identifier), moment.read(sent)) for sender, identifier, sent in parts)


_text = Text(str)
_named = Group(tuple, (Field("valueName", "0", _text), Field("value", "1", _text)))
_AREA = (
    Field("areaDesc", "desc", _text),
    Field("polygon", "polygons", ring, 0, None),
    Field("circle", "circles", circle, 0, None),
    Field("geocode", "geocodes", _named, 0, None),
    Field("altitude", "altitude_ft", decimal, 0),
    Field("ceiling", "ceiling_ft", decimal, 0),
)
_RESOURCE = (
    Field("resourceDesc", "desc", _text), Field("mimeType", "mime_type", _text), Field("size", "size", whole, 0),
    Field("uri", "uri", uri, 0), Field("derefUri", "content", _text, 0), Field("digest", "digest", _text, 0),
)  # fmt: skip
_INFO = (
    Field("language", "language", language, 0),
    Field("category", "categories", Text.of(CATEGORIES), 1, None),
    Field("event", "event", _text),
    Field("responseType", "responses", Text.of(RESPONSES), 0, None),
    Field("urgency", "urgency", Text.of(URGENCIES)),
    Field("severity", "severity", Text.of(SEVERITIES)),
    Field("certainty", "certainty", Text.of(CERTAINTIES)),
    Field("audience", "audience", _text, 0),
    Field("eventCode", "event_codes", _named, 0, None),
    *(Field(tag, tag, moment, 0) for tag in ("effective", "onset", "expires")),
    Field("senderName", "sender_name", _text, 0),
    *(Field(tag, tag, _text, 0) for tag in ("headline", "description", "instruction")),
    Field("web", "web", uri, 0),
    Field("contact", "contact", _text, 0),
    Field("parameter", "parameters", _named, 0, None),
    Field("resource", "resources", Group(Resource, _RESOURCE), 0, None),
    Field("area", "areas", Group(Area, _AREA), 0, None),
)
_ALERT: tuple[Field, ...] = (
    Field("identifier", "identifier", name), Field("sender", "sender", name), Field("sent", "sent", moment),
    Field("status", "status", Text.of(STATUSES)), Field("msgType", "kind", Text.of(KINDS)),
    Field("source", "source", _text, 0), Field("scope", "scope", Text.of(SCOPES)),
    *(Field(tag, tag, _text, 0) for tag in ("restriction", "addresses")),
    Field("code", "codes", _text, 0, None), Field("note", "note", _text, 0),
    Field("references", "references", Text(_references, lambda keys: " ".join(map(_reference, keys))), 0),
    Field("incidents", "incidents", _text, 0), Field("info", "infos", Group(Info, _INFO), 0, None),
)  # fmt: skip


def _reference(key: Key) -> str:
    return f"{key.sender},{key.identifier},{moment.write(key.sent)}"


def same(one: Alert, other: Alert) -> bool:
    """Whether this is the same message come again. Raises Invalid where the number is the same and the text another."""
    if one.key != other.key:
        return False
    if one != other:
        raise Invalid(
            f"编号 {one.identifier} 已有内容不同的报文。",
            f"A message {one.identifier} of other content is known already.",
            field="identifier",
        )
    return True


def shape(area: Area, steps: int = 64) -> Any:
    """An area's polygons and circles as one geometry, EPSG:4490; None where it has geocodes or words alone."""
    parts = [shapely.make_valid(shapely.Polygon(each)) for each in area.polygons]
    turns = [360 * k / steps for k in range(steps)]
    for (lon, lat), radius_km in area.circles:
        lons, lats, _ = Geod(ellps="GRS80").fwd([lon] * steps, [lat] * steps, turns, [radius_km * 1000] * steps)
        parts.append(shapely.Polygon(zip(lons, lats, strict=True)) if radius_km else shapely.Point(lon, lat))
    return shapely.union_all(parts) if parts else None
