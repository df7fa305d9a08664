"""Settings from the environment (`BAOCHU_…`); everything has a working default."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def _default_data() -> Path:
    """Where data lives when nothing is said: a system folder for root, the user's data folder otherwise."""
    if os.geteuid() == 0:
        return Path("/var/lib/baochu")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "baochu"


class Pull(BaseModel):
    """A CSV or JSON of readings that is fetched: a file's path or an address, and how often."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    address: str
    every_s: float = Field(300, ge=1)
    world: str = "live"


class Settings(BaseSettings):
    """One district of one installation."""

    model_config = SettingsConfigDict(env_prefix="BAOCHU_", frozen=True)

    data: Path = Field(default_factory=_default_data, description="data directory: cluster, terrain, rejects, logs")
    district: str = Field("xihu", pattern=r"^[a-z][a-z0-9_]{0,30}$", description="short name; one database each")
    title: str = Field("西湖区", description="the district's name on the page, at first creation")
    database_url: str | None = Field(
        None, description="a bureau's own PostGIS (postgresql://…); unset: the embedded cluster"
    )
    metric_crs: str = Field("EPSG:4549", description="metres: lengths, areas, buffers; fixed at first creation")
    box: Annotated[tuple[float, float, float, float] | None, NoDecode] = Field(
        None,
        description="west,south,east,north in degrees: coordinates outside are rejected; "
        "unset: the handbook's box for EPSG:4549, else the area of use of the metric CRS",
    )
    host: str = "127.0.0.1"
    port: int = Field(8330, ge=1, le=65535)
    session_hours: int = Field(12, ge=1)
    oidc_issuer: str | None = Field(
        None, description="the bureau's OpenID Connect provider (https://…); unset: local accounts alone"
    )
    oidc_client_id: str = "baochu"
    oidc_client_secret: SecretStr | None = Field(None, description="unset: a public client, with PKCE alone")
    oidc_name: str = Field("统一身份认证", description="what the button says")
    basemap_url: SecretStr | None = Field(
        None, description="an optional base map: an XYZ or WMTS address with {z}, {x}, {y} (or {TileMatrix}, …)"
    )
    basemap_name: str = Field("外部底图", max_length=40, description="its name on the page")
    basemap_attribution: str = Field("", max_length=200, description="whose it is, said on the map")
    basemap_datum: str = Field("", description="what it is drawn in; must be stated: WGS-84 or CGCS2000")
    basemap_max_zoom: int = Field(18, ge=0, le=22)
    tianditu_key: SecretStr | None = Field(None, description="a TianDiTu key of the server kind; never sent to a page")
    tianditu_url: str = Field("https://t0.tianditu.gov.cn", description="TianDiTu, or a mirror of it")

    mqtt_url: str | None = Field(
        None, pattern=r"^mqtts?://", description="a broker that readings come from (mqtt:// or, over TLS, mqtts://)"
    )
    mqtt_user: str | None = None
    mqtt_password: SecretStr | None = None
    mqtt_ca: Path | None = Field(None, description="whose certificates to trust; unset: the system's")
    pulls: tuple[Pull, ...] = Field((), description="files or addresses of readings, fetched every so often; JSON")
    webhook_url: SecretStr | None = Field(
        None, description="a robot of the DingTalk kind that call-outs and reminders are posted to"
    )
    webhook_secret: SecretStr | None = Field(None, description="what its messages are signed with")
    sms_url: SecretStr | None = Field(None, description="a gateway for text messages over HTTP")
    sms_secret: SecretStr | None = Field(None, description="what its messages are signed with")

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer_over_tls(cls, value: str | None) -> str | None:
        """Keys come from the issuer's address, so that it must be one that nobody between can forge."""
        if value and not re.match(r"https://|http://(localhost|127\.0\.0\.1|\[::1\])([:/]|$)", value):
            raise ValueError("must be https:// 须为 https:// 地址")
        return value or None

    @field_validator("box", mode="before")
    @classmethod
    def _box_from_text(cls, value: object) -> object:
        return tuple(float(v) for v in value.split(",")) if isinstance(value, str) else value


@cache
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
