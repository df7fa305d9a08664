"""Log-in at the bureau's own OpenID provider: code with PKCE, state and nonce; tokens are checked by its keys."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from threading import Lock
from typing import Any
from urllib.parse import quote, urlencode

import httpx
from cachetools import TTLCache, cached
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from command.logins import Attempt
from gis_data.clock import real_now
from gis_data.errors import Denied, Unavailable
from gis_data.settings import Settings

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures by a key that the provider alone holds. No `none`, and nothing made with a shared secret."""
TIMEOUT_S = 5.0
LEEWAY_S = 60
"""How far the provider's clock may be from ours."""


@dataclass(frozen=True)
class Identity:
    """Whom the provider vouches for, and the user names that may be theirs here."""

    issuer: str
    subject: str
    names: tuple[str, ...]


def _ask(method: str, address: str, **sent: Any) -> dict[str, Any]:
    """The provider's answer; raises Unavailable where it gives none, Denied where it refuses."""
    try:
        answer = httpx.request(method, address, timeout=TIMEOUT_S, **sent)
        answer.raise_for_status()
        found = answer.json()
    except httpx.HTTPStatusError as error:
        if error.response.status_code < 500:
            raise Denied("统一认证拒绝了请求。", f"The provider refuses: {error.response.text[:200]}") from error
        raise Unavailable("统一认证服务出错。", f"The provider fails: {error}") from error
    except (httpx.HTTPError, ValueError) as error:
        raise Unavailable("连不上统一认证服务。", f"The provider cannot be reached: {error}") from error
    if not isinstance(found, dict):
        raise Unavailable("统一认证服务的应答无法识别。", "The provider's answer is not an object.")
    return found


@cached(TTLCache(4, 600), lock=Lock())
def _discovered(issuer: str) -> dict[str, Any]:
    found = _ask("GET", issuer.rstrip("/") + "/.well-known/openid-configuration")
    if found.get("issuer") != issuer:
        raise Denied("统一认证的签发者与设置不符。", f"The provider calls itself {found.get('issuer')}, not {issuer}.")
    return found


_known_keys: TTLCache[str, KeySet] = TTLCache(4, 600)


@cached(_known_keys, key=str, lock=Lock())
def _keys(address: str) -> KeySet:
    found = _ask("GET", address)
    return KeySet.import_key_set({"keys": [key for key in found["keys"] if key.get("use", "sig") == "sig"]})


def start(config: Settings, callback: str, page: str) -> tuple[str, str, Attempt]:
    """Where to send the browser, the state that it must come back with, and what to remember meanwhile."""
    assert config.oidc_issuer
    endpoint = _discovered(config.oidc_issuer)["authorization_endpoint"]
    state, attempt = secrets.token_urlsafe(32), Attempt(secrets.token_urlsafe(32), secrets.token_urlsafe(48), page)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(attempt.verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code", "client_id": config.oidc_client_id, "redirect_uri": callback,
        "scope": "openid profile email", "state": state, "nonce": attempt.nonce,
        "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}", state, attempt


def finish(config: Settings, callback: str, code: str, attempt: Attempt) -> Identity:
    """Redeem the code that the browser came back with; raises Denied for any token that is not sound."""
    assert config.oidc_issuer
    about = _discovered(config.oidc_issuer)
    asked = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": callback, "code_verifier": attempt.verifier,
    }  # fmt: skip
    secret = config.oidc_client_secret
    if secret is None:
        got = _ask("POST", about["token_endpoint"], data={**asked, "client_id": config.oidc_client_id})
    elif "client_secret_basic" in about.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
        basic = httpx.BasicAuth(quote(config.oidc_client_id, ""), quote(secret.get_secret_value(), ""))
        got = _ask("POST", about["token_endpoint"], data=asked, auth=basic)
    else:
        posted = {**asked, "client_id": config.oidc_client_id, "client_secret": secret.get_secret_value()}
        got = _ask("POST", about["token_endpoint"], data=posted)
    claims = read_token(str(got.get("id_token")), about["jwks_uri"], config.oidc_issuer, config.oidc_client_id, attempt)
    if "preferred_username" not in claims and "userinfo_endpoint" in about:
        bearer = {"Authorization": f"Bearer {got.get('access_token')}"}
        more = _ask("GET", about["userinfo_endpoint"], headers=bearer)
        if more.get("sub") == claims["sub"]:
            claims = {**more, **claims}
    names = [claims.get("preferred_username"), claims.get("email") if claims.get("email_verified") is True else None]
    return Identity(config.oidc_issuer, claims["sub"], tuple(name for name in names if isinstance(name, str) and name))


def read_token(token: str, keys_at: str, issuer: str, client: str, attempt: Attempt) -> dict[str, Any]:
    """The claims of an ID token that this issuer signed, for this client and this attempt, and that is not stale."""
    rules = jwt.JWTClaimsRegistry(
        lambda: int(real_now().timestamp()), LEEWAY_S,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client},
        sub={"essential": True, "allow_blank": False},
        exp={"essential": True}, iat={"essential": True},
        nonce={"essential": True, "value": attempt.nonce},
        azp={"value": client},
    )  # fmt: skip
    try:
        try:
            read = jwt.decode(token, _keys(keys_at), ALGORITHMS)
        except InvalidKeyIdError:  # the provider may have taken new keys
            _known_keys.clear()
            read = jwt.decode(token, _keys(keys_at), ALGORITHMS)
        rules.validate(read.claims)
    except (JoseError, ValueError, KeyError) as error:
        raise Denied("统一认证的令牌无效。", f"The ID token is not sound: {error}") from error
    return dict(read.claims)
