"""Log-in at the bureau's own provider: the whole dance with a real one, and the tokens that a dishonest one forges."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from gis_data.clock import real_now
from gis_data.cluster import Cluster
from gis_data.demo.xh_mini import xh_mini
from gis_data.settings import Settings
from tests.conftest import Person, _copy, _template, free_port
from tests.web.identity import SECRET, Forger, forger, provider, sign_in
from web.app import create_app

BACK = "http://testserver/api/session/oidc/callback"
PROFILE = {"name": "DEMO", "post": "值班员", "role": "operator"}


@contextmanager
def _app(engine: Engine, data: Path, issuer: str | None) -> Iterator[TestClient]:
    url = engine.url.render_as_string(hide_password=False)
    config = Settings(data=data, database_url=url, oidc_issuer=issuer, oidc_client_secret=SECRET, oidc_name="演示认证")
    with TestClient(create_app(config), follow_redirects=False) as client:
        yield client


@pytest.fixture(scope="module")
def listening(postgis: Cluster, data_dir: Path) -> Iterator[tuple[TestClient, Forger]]:
    with (
        _copy(postgis, _template(postgis, data_dir, "mini", xh_mini)) as engine,
        forger() as made,
        _app(engine, data_dir, made.issuer) as client,
    ):
        yield client, made


@pytest.fixture
def forged(listening: tuple[TestClient, Forger]) -> tuple[TestClient, Forger]:
    """Nobody at the page, an honest provider so far, and an account that may come in by it."""
    client, made = listening
    client.cookies.clear()
    made.alg, made.key = "RS256", made.own
    _allow(client, "operator")
    return client, made


def _allow(client: TestClient, *usernames: str) -> None:
    """The administrator lets these accounts come in by the provider."""
    admin = Person(client).beside().log_in("admin")
    for username in usernames:
        answer = admin.client.put(f"/api/accounts/{username}", json=PROFILE | {"sso": True})
        assert answer.status_code == 200, answer.text


def _start(client: TestClient, page: str = "/registers") -> str:
    answer = client.get("/api/session/oidc/start", params={"page": page})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def _came_back(client: TestClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def _nobody(client: TestClient) -> bool:
    return client.get("/api/session").status_code == 401


def test_the_whole_dance_with_a_real_provider(mini_db: Engine, data_dir: Path) -> None:
    port = free_port()
    with _app(mini_db, data_dir, f"http://127.0.0.1:{port}") as client:
        assert client.get("/api/session/ways").json() == {"oidc": {"name": "演示认证"}}
        assert _start(client) == "/?login=unreachable"  # and the accounts of this system are not in its way
        _allow(client, "operator", "viewer")
        with provider(port, BACK):
            _first_time_and_again(client, mini_db)
            assert _came_back(client, sign_in(_start(client), "stranger")) == "/?login=unknown"
            assert _came_back(client, sign_in(_start(client), "commander")) == "/?login=unknown"  # not allowed to
            assert _came_back(client, sign_in(_start(client), "any", give_up=True)) == "/?login=denied"
            assert _nobody(client)
            _by_address(client, mini_db)


def _first_time_and_again(client: TestClient, engine: Engine) -> None:
    """The first log-in binds the identity; the second needs no name; elsewhere than this browser nothing opens."""
    back = sign_in(_start(client), "operator")
    assert _came_back(TestClient(client.app, follow_redirects=False), back) == "/?login=late"  # another browser
    assert _came_back(client, back) == "/registers"
    assert client.get("/api/session").json()["account"]["username"] == "operator"
    client.cookies.clear()
    assert _came_back(client, back) == "/?login=late"  # replayed
    with engine.begin() as owner:
        owner.execute(text("update gis.account set username = 'renamed' where username = 'operator'"))
    assert _came_back(client, sign_in(_start(client), "operator")) == "/registers"
    held = client.get("/api/session").json()
    assert held["account"]["username"] == "renamed"
    kinds = [entry["kind"] for entry in client.get("/api/worlds/live/journal", params={"limit": 1000}).json()]
    assert kinds.count("IdentityBound") == 1
    client.delete("/api/session", headers={"X-CSRF-Token": held["csrf"]})
    assert _nobody(client)


def _by_address(client: TestClient, engine: Engine) -> None:
    with engine.begin() as owner:
        owner.execute(text("update gis.account set username = 'viewer@example.org' where username = 'viewer'"))
    assert _came_back(client, sign_in(_start(client), "mail-unverified")) == "/?login=unknown"
    assert _came_back(client, sign_in(_start(client), "mail")) == "/registers"
    assert client.get("/api/session").json()["account"]["username"] == "viewer@example.org"


def _sound(made: Forger, asked: dict[str, str]) -> dict[str, Any]:
    now = int(real_now().timestamp())
    return {
        "iss": made.issuer, "aud": "baochu", "sub": "s1", "iat": now, "exp": now + 300, "nonce": asked["nonce"],
        "preferred_username": "operator",
    }  # fmt: skip


def _redeem(
    client: TestClient, made: Forger, change: Callable[[dict[str, Any]], object], page: str = "/registers"
) -> str:
    """Come back with a code for which the provider will give a token changed like this; where that leads."""
    asked = {name: value[0] for name, value in parse_qs(urlsplit(_start(client, page)).query).items()}
    made.claims = _sound(made, asked)
    change(made.claims)
    return _came_back(client, str(httpx.URL(BACK, params={"code": "c", "state": asked["state"]})))


def test_a_sound_token_opens_a_session(forged: tuple[TestClient, Forger]) -> None:
    client, made = forged
    assert _redeem(client, made, lambda claims: None) == "/registers"
    assert "code_verifier=" in made.asked["body"]
    assert client.get("/api/session").status_code == 200


def test_no_other_token_does(forged: tuple[TestClient, Forger]) -> None:
    client, made = forged
    now = int(real_now().timestamp())
    for change in (
        {"nonce": "another"}, {"nonce": None}, {"aud": "somebody-else"}, {"aud": ["somebody-else"]}, {"azp": "another"},
        {"iss": "https://elsewhere.example"}, {"exp": now - 120}, {"exp": None}, {"sub": ""}, {"sub": None},
    ):  # fmt: skip

        def changed(claims: dict[str, Any], change: dict[str, Any] = change) -> None:
            claims |= change
            for name in [name for name, value in change.items() if value is None]:
                del claims[name]

        assert _redeem(client, made, changed) == "/?login=failed", change
    made.key = made.other
    assert _redeem(client, made, lambda claims: None) == "/?login=failed"
    made.key = made.own
    for made.alg in ("HS256", "none"):
        assert _redeem(client, made, lambda claims: None) == "/?login=failed", made.alg
    assert _nobody(client)


def test_a_state_that_was_never_given_opens_nothing(forged: tuple[TestClient, Forger]) -> None:
    client, _ = forged
    _start(client)
    assert _came_back(client, f"{BACK}?code=c&state=made-up") == "/?login=late"
    assert _came_back(client, f"{BACK}?code=c") == "/?login=late"


def test_an_identity_stays_with_its_account(forged: tuple[TestClient, Forger]) -> None:
    client, made = forged
    assert _redeem(client, made, lambda claims: None) == "/registers"
    other = {"sub": "s2"}
    assert _redeem(client, made, lambda claims: claims.update(other)) == "/?login=unknown"  # the name is taken by s1
    admin = Person(client).beside().log_in("admin")
    admin.post("/api/accounts/operator/disable", 200)
    assert _redeem(client, made, lambda claims: None) == "/?login=unknown"
    admin.post("/api/accounts/operator/enable", 200)
    admin.client.put("/api/accounts/operator", json=PROFILE | {"sso": False})
    assert _redeem(client, made, lambda claims: None) == "/?login=unknown"
    assert not next(a for a in admin.get("/api/accounts") if a["username"] == "operator")["bound"]


def test_one_is_sent_nowhere_else_afterwards(forged: tuple[TestClient, Forger]) -> None:
    client, made = forged
    for page in ("//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "x", "/a\nb"):
        assert _redeem(client, made, lambda claims: None, page) == "/"


def test_without_settings_there_is_no_such_way(mini_db: Engine, data_dir: Path) -> None:
    with _app(mini_db, data_dir, None) as client:
        assert client.get("/api/session/ways").json() == {"oidc": None}
        assert client.get("/api/session/oidc/start").status_code == 404
        assert client.get("/api/session/oidc/callback", params={"state": "x", "code": "y"}).status_code == 404


def test_an_issuer_without_tls_is_refused() -> None:
    with pytest.raises(ValueError, match="https"):
        Settings(oidc_issuer="http://login.example")
    assert Settings(oidc_issuer="https://login.example").oidc_issuer
