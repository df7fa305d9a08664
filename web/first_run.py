"""What the first `up` brings: the demo district, where the district has no name of its own, and its demo accounts."""

from __future__ import annotations

import json
import secrets

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from command import accounts, logins
from command.accounts import Profile
from gis_data.settings import Settings
from gis_data.tables import Load
from gis_data.world import SYSTEM
from web.cli_load import load_demo
from web.console import opened

DEMO_ACCOUNTS = {
    "operator": Profile("演示值班员 DEMO", "值班员", "operator"),
    "commander": Profile("演示指挥员 DEMO", "总指挥", "commander"),
    "viewer": Profile("演示浏览 DEMO", "专委会联络员", "viewer"),
    "planner": Profile("演示规划员 DEMO", "规划员", "planner"),
    "clerk": Profile("演示填报员 DEMO", "转塘街道填报员", "clerk", ("330106010",)),
    "reviewer": Profile("演示审核员 DEMO", "防汛办审核员", "reviewer"),
    "field": Profile("演示村社干部 DEMO", "转塘街道村社干部", "field", ("330106010",)),
    "auditor": Profile("演示审计 DEMO", "审计", "auditor"),
    "admin": Profile("演示管理员 DEMO", "系统管理员", "admin"),
}
"""User name → what it is; there is one of each role."""


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
    for username, password in passwords.items():
        if username not in known and username in DEMO_ACCOUNTS:
            accounts.put_account(engine, SYSTEM, username, DEMO_ACCOUNTS[username], password)
    return {username: password for username, password in passwords.items() if logins.holds(engine, username, password)}


def first_run(config: Settings) -> dict[str, str] | None:
    """Bring the database to head, load the demo if it is to be the demo district and holds nothing.

    Returns the demo accounts that still hold; a bureau's own district gets none, and None says that it has none at all.
    """
    engine = opened(config)
    with Session(engine) as session:
        demo = session.scalars(select(Load.is_demo)).all()
    if not demo and config.district == Settings.model_fields["district"].default:
        load_demo(config, engine)
        demo = [True]
    if any(demo):
        return _accounts(config, engine)
    return {} if accounts.accounts(engine) else None
