"""What the first `up` brings: the demo district, where nothing is loaded yet, and the demo accounts."""

from __future__ import annotations

import json
import secrets

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from command import accounts
from gis_data.settings import Settings
from gis_data.tables import Load
from web.cli_load import load_demo
from web.console import opened

DEMO_ACCOUNTS = {
    "operator": ("值班员", "演示值班员 DEMO"),
    "commander": ("总指挥", "演示指挥员 DEMO"),
    "viewer": ("专委会联络员", "演示浏览 DEMO"),
    "admin": ("系统管理员", "演示管理员 DEMO"),
}
"""User name, which is also the role → post and name."""


def _accounts(config: Settings, engine: Engine) -> dict[str, str]:
    """The demo accounts that still hold, with passwords made at random once, in a file that only its owner can read."""
    file = config.data / f"demo-accounts-{config.district}.json"
    known = {account.username for account in accounts.accounts(engine)}
    if not file.exists():
        if known:
            return {}
        file.touch(0o600)
        file.write_text(json.dumps({username: secrets.token_hex(5) for username in DEMO_ACCOUNTS}))
    passwords: dict[str, str] = json.loads(file.read_text())
    for username, (post, name) in DEMO_ACCOUNTS.items():
        if username not in known:
            accounts.put_account(engine, username, name, post, username, passwords[username])
    return {
        username: password for username, password in passwords.items() if accounts.holds(engine, username, password)
    }


def first_run(config: Settings) -> dict[str, str]:
    """Bring the database to head, load the demo if there is nothing, and return the demo accounts that still hold."""
    engine = opened(config)
    with Session(engine) as session:
        empty = session.scalar(select(func.count()).select_from(Load)) == 0
    if empty and config.metric_crs == "EPSG:4549":
        load_demo(config, engine)
    return _accounts(config, engine)
