"""Imports over HTTP: the wizard's steps, a service on loopback, and no step without the right."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest

from gis_data.errors import Invalid, Unavailable
from gis_data.sources import map_file, service
from tests.conftest import Person

SHEET = "编码,名称,层级,空间类型,经度,纬度\nW1,演示一,村级,室内,120.101,30.251\nW2,演示二,村级,室外,30.252,120.102\n"
NAMES = {"编码": "code", "名称": "name", "层级": "level", "空间类型": "space", "经度": "lon", "纬度": "lat"}


def upload(person: Person, text: str = SHEET, status: int = 201, name: str = "避灾点.csv", key: str = "shelter") -> Any:
    """Send a file."""
    answer = person.client.post("/api/imports", data={"key": key}, files={"file": (name, text.encode())})
    assert answer.status_code == status, answer.text
    return answer.json()


def test_the_steps_of_the_wizard(people: Callable[[str], Person]) -> None:
    admin = people("admin")
    job = upload(admin)
    path = f"/api/imports/{job['id']}"
    assert (job["state"], job["terms"], job["report"]) == ("uploaded", None, None)
    seen = admin.get(f"{path}/preview")
    assert (seen["mapping"], seen["first"][1][""]) == (NAMES, "3")
    admin.post(f"{path}/check", 422, mapping=NAMES)
    admin.post(f"{path}/confirm", 409)
    job = admin.post(f"{path}/check", 200, datum="CGCS2000", mapping=NAMES)
    assert (job["state"], job["report"]["good"]) == ("checked", 1)
    assert job["report"]["summary"] == [{"field": "geom", "level": "error", "count": 1}]
    assert admin.get(path)["report"] == job["report"]
    assert [one["id"] for one in admin.get("/api/imports", key="shelter")] == [job["id"]]
    book = admin.client.get(f"{path}/rejects", params={"format": "xlsx"})
    page = openpyxl.load_workbook(io.BytesIO(book.content)).active
    assert page is not None
    assert page.cell(2, 1).value == "W2"
    assert "颠倒" in str(page.cell(2, 7).value)
    done = admin.post(f"{path}/confirm", 200, reason="演示")
    assert (done["state"], done["report"]["new"]) == ("confirmed", 1)
    row = admin.get("/api/registers/shelter", q="W1")["rows"][0]
    assert (row["source_row"], row["load_source"]) == ("行 2", "避灾点.csv")
    admin.post(f"{path}/drop", 409)


def test_a_mapping_sheet_is_read(people: Callable[[str], Person]) -> None:
    admin = people("admin")
    job = upload(admin, SHEET.replace("空间类型", "KJ"))
    answer = admin.client.post(
        f"/api/imports/{job['id']}/mapping", files={"sheet": ("字段对照.csv", "列名,字段\nKJ,空间类型\n".encode())}
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["KJ"] == "space"
    bad = admin.client.post(f"/api/imports/{job['id']}/mapping", files={"sheet": ("a.csv", b"a,b\n1,2\n")})
    assert bad.status_code == 422


def test_who_may_not_load_may_not_look_either(people: Callable[[str], Person]) -> None:
    job = upload(people("admin"))
    operator = people("operator")
    upload(operator, status=403)
    operator.get(f"/api/imports/{job['id']}", 403)
    operator.get("/api/imports", 403)
    operator.post("/api/imports/service", 403, key="shelter", url="http://127.0.0.1:9/wfs")
    upload(people("admin"), status=404, key="castle")
    upload(people("admin"), status=403, key="at_risk_person")


POINTS = [("S1", 120.1, 30.2), ("S2", 120.11, 30.21), ("S3", 120.12, 30.22)]


class Handler(BaseHTTPRequestHandler):
    """A small WFS 2.0.0 and OGC API Features service, and what goes wrong with one."""

    asked: ClassVar[list[str]] = []

    def log_message(self, *_: object) -> None: ...

    def _send(self, body: str, kind: str, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        said = {"Content-Type": kind, "Content-Length": str(len(body.encode()))} | headers
        for key, value in said.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def do_GET(self) -> None:
        type(self).asked.append(self.path)
        parts = urlsplit(self.path)
        query = {k.lower(): v[0] for k, v in parse_qs(parts.query).items()}
        here = f"http://{self.headers['Host']}"
        if parts.path == "/away/collections":
            self._send("", "text/plain", 302, Location="http://example.invalid/collections")
        elif parts.path.endswith("/collections"):
            self._send(json.dumps({"collections": [{"id": "shelters"}]}), "application/json")
        elif parts.path.endswith("/items"):
            start = int(query.get("offset", 0))
            features = [
                {
                    "type": "Feature", "id": code, "properties": {"名称": f"演示{code}"},
                    "geometry": {"type": "Point", "coordinates": [lon, lat]},
                }
                for code, lon, lat in POINTS[start : start + 2]
            ]  # fmt: skip
            other = "http://example.invalid" if "elsewhere" in parts.path else here
            following = f"{other}{parts.path}?offset={start + 2}"
            links = [{"rel": "next", "href": following}] if start + 2 < len(POINTS) else []
            page = {"type": "FeatureCollection", "features": features, "links": links}
            self._send(json.dumps(page), "application/geo+json")
        elif parts.path == "/wfs" and query.get("request") == "GetCapabilities":
            kinds = "<FeatureType><Name>bz:shelter</Name></FeatureType>"
            self._send(
                f'<WFS_Capabilities xmlns="http://www.opengis.net/wfs/2.0"><FeatureTypeList>{kinds}</FeatureTypeList>'
                "</WFS_Capabilities>",
                "text/xml",
            )
        elif parts.path == "/wfs":
            members = "".join(
                f'<wfs:member><bz:shelter gml:id="{code}"><bz:code>{code}</bz:code><bz:geom>'
                '<gml:Point srsName="urn:ogc:def:crs:EPSG::4490" gml:id="g'
                f'{code}"><gml:pos>{lat} {lon}</gml:pos></gml:Point></bz:geom></bz:shelter></wfs:member>'
                for code, lon, lat in POINTS
            )
            self._send(
                '<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/'
                f'gml/3.2" xmlns:bz="http://baochu.invalid/bz">{members}</wfs:FeatureCollection>',
                "application/gml+xml",
            )
        else:
            self._send("none", "text/plain", 404)


@pytest.fixture(scope="module")
def other() -> Iterator[str]:
    """The address of a service on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def places(path: Path) -> list[tuple[float, float]]:
    """The points of a fetched layer."""
    batch = next(map_file.open_table(path, "service").batches(10))
    assert batch.shapes is not None
    return [(round(s.x, 6), round(s.y, 6)) for s in batch.shapes]


def test_an_ogc_api_service_is_followed_page_by_page(other: str, tmp_path: Path) -> None:
    assert service.fetch(f"{other}/api/collections/shelters", None, tmp_path / "a.gpkg") == 3
    assert places(tmp_path / "a.gpkg") == [(lon, lat) for _, lon, lat in POINTS]
    assert map_file.open_table(tmp_path / "a.gpkg", "service").columns == ("id", "名称")


def test_a_wfs_answers_in_its_own_axis_order_and_comes_in_ours(other: str, tmp_path: Path) -> None:
    assert service.fetch(f"{other}/wfs?service=WFS", None, tmp_path / "a.gpkg") == 3
    assert places(tmp_path / "a.gpkg") == [(lon, lat) for _, lon, lat in POINTS]
    assert map_file.open_table(tmp_path / "a.gpkg", "service").crs == "EPSG:4490"
    assert any("typenames=bz%3Ashelter" in path for path in Handler.asked)


@pytest.mark.parametrize(
    ("path", "error", "said"),
    [
        ("/elsewhere", Invalid, "另一主机"), ("/away", Invalid, "另一主机"), ("/nothing/x/y?z=1#", Unavailable, "404"),
    ],
)  # fmt: skip
def test_a_service_that_points_elsewhere_or_fails_is_refused(
    other: str, path: str, error: type[Exception], said: str, tmp_path: Path
) -> None:
    if path.startswith("/nothing"):
        path = "/wfs/none/wfs?service=wfs"
    with pytest.raises(error) as refused:
        service.fetch(f"{other}{path}", None, tmp_path / "a.gpkg")
    assert said in refused.value.zh  # type: ignore[attr-defined]


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://host/wfs", "http://user:word@host/wfs"])
def test_only_plain_http_addresses_are_asked(url: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        service.fetch(url, None, tmp_path / "a.gpkg")


def test_a_service_goes_through_the_same_steps(people: Callable[[str], Person], other: str) -> None:
    admin = people("admin")
    job = admin.post("/api/imports/service", key="reservoir", url=f"{other}/api", layer="shelters")
    seen = admin.get(f"/api/imports/{job['id']}/preview")
    assert seen["mapping"] == {"id": "code", "名称": "name"}
    job = admin.post(f"/api/imports/{job['id']}/check", 200, datum="WGS-84", mapping=seen["mapping"])
    assert [f["field"] for f in job["report"]["findings"] if f["row"] is None] == ["vertical_datum"]
