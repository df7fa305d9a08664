"""warnings, states of zones and villages, patrol reports"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

WORLDS = "select schemaname from pg_tables where tablename = 'closure' and schemaname ~ '^(live|drill_.*)$'"
AT = sa.DateTime(timezone=True)


def _worlds() -> list[str]:
    """Drills are made from head and kept: they go along."""
    return list(op.get_bind().scalars(sa.text(WORLDS)))


def _columns(kind: Any, names: str, *, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, kind, nullable=nullable) for name in names.split()]


def _texts(name: str) -> sa.Column[object]:
    return sa.Column(name, postgresql.ARRAY(sa.TEXT()), nullable=False)


def upgrade() -> None:
    for schema in _worlds():
        op.create_table(
            'warning_message',
            *_columns(sa.Uuid(), 'id'),
            *_columns(sa.String(), 'sender identifier'),
            *_columns(AT, 'sent'),
            *_columns(sa.String(), 'kind'),
            _texts('refers'),
            *_columns(sa.LargeBinary(), 'raw'),
            *_columns(sa.String(), 'sha256'),
            *_columns(AT, 'received_at'),
            *_columns(sa.String(), 'received_by'),
            *_columns(AT, 'recorded_at'),
            sa.PrimaryKeyConstraint('id', name=op.f('pk_warning_message')),
            sa.UniqueConstraint('sender', 'identifier', 'sent', name='uq_warning_message_key'),
            schema=schema,
        )
        op.create_table(
            'warning',
            *_columns(sa.Uuid(), 'id'),
            *_columns(sa.Uuid(), 'message_id', nullable=True),
            *_columns(sa.String(), 'sender identifier document_no', nullable=True),
            *_columns(sa.Boolean(), 'official'),
            *_columns(sa.String(), 'kind kind_zh kind_en colour colour_zh colour_en'),
            *_columns(sa.Integer(), 'level'),
            *_columns(sa.String(), 'event headline'),
            *_columns(AT, 'starts_at'),
            *_columns(AT, 'ends_at', nullable=True),
            *_columns(sa.JSON(), 'areas towns'),
            *_columns(sa.String(), 'cautions measures issuer'),
            *_columns(AT, 'issued_at'),
            *_columns(sa.String(), 'urgency certainty state'),
            *_columns(AT, 'received_at'),
            *_columns(sa.String(), 'received_by'),
            *_columns(AT, 'ended_at', nullable=True),
            *_columns(sa.String(), 'ended_why ended_by ended_note', nullable=True),
            *_columns(AT, 'recorded_at'),
            sa.CheckConstraint("state in ('coming', 'in_force', 'ended')", name=op.f('ck_warning_state')),
            sa.CheckConstraint(
                "ended_why in ('replaced', 'cancelled', 'expired', 'lifted')", name=op.f('ck_warning_ended_why')
            ),
            sa.CheckConstraint('level between 1 and 4', name=op.f('ck_warning_level')),
            sa.ForeignKeyConstraint(
                ['message_id'], [f'{schema}.warning_message.id'], name=op.f('fk_warning_message_id_warning_message')
            ),
            sa.PrimaryKeyConstraint('id', name=op.f('pk_warning')),
            schema=schema,
        )
        op.create_index(
            'ix_warning_standing', 'warning', ['state'], schema=schema, postgresql_where=sa.text("state <> 'ended'")
        )
        op.create_table(
            'hazard_state',
            *_columns(sa.String(), 'id register code name kind'),
            *_columns(sa.Double(), 'lon lat'),
            *_columns(sa.String(), 'town town_name'),
            *_columns(sa.Integer(), 'households persons', nullable=True),
            *_columns(sa.String(), 'state alarm'),
            *_columns(sa.Boolean(), 'unknown'),
            *_columns(AT, 'since'),
            *_columns(sa.String(), 'reason'),
            *_columns(sa.JSON(), 'evidence'),
            *_columns(sa.String(), 'colour'),
            _texts('decided'),
            *_columns(sa.Boolean(), 'internal'),
            *_columns(sa.String(), 'official'),
            *_columns(sa.String(), 'patrol patrol_finding', nullable=True),
            *_columns(sa.Boolean(), 'withdrawn'),
            *_columns(AT, 'updated_at recorded_at'),
            sa.CheckConstraint(
                "state in ('unknown', 'safe', 'prepare', 'immediate')", name=op.f('ck_hazard_state_state')
            ),
            sa.CheckConstraint("alarm in ('safe', 'prepare', 'immediate')", name=op.f('ck_hazard_state_alarm')),
            sa.CheckConstraint(
                "colour in ('unknown', 'none', 'blue', 'yellow', 'orange', 'red')",
                name=op.f('ck_hazard_state_colour'),
            ),
            sa.PrimaryKeyConstraint('id', name=op.f('pk_hazard_state')),
            schema=schema,
        )
        op.create_table(
            'patrol_report',
            *_columns(sa.Uuid(), 'id'),
            *_columns(sa.String(), 'hazard finding colour by'),
            *_columns(AT, 'at'),
            *_columns(AT, 'cleared_at', nullable=True),
            *_columns(AT, 'recorded_at'),
            sa.CheckConstraint(
                "colour in ('none', 'yellow', 'orange', 'red')", name=op.f('ck_patrol_report_colour')
            ),
            sa.PrimaryKeyConstraint('id', name=op.f('pk_patrol_report')),
            schema=schema,
        )
        op.create_index(
            'uq_patrol_report_standing', 'patrol_report', ['hazard'], unique=True, schema=schema,
            postgresql_where=sa.text('cleared_at is null'),
        )


def downgrade() -> None:
    for schema in _worlds():
        for table in ('patrol_report', 'hazard_state', 'warning', 'warning_message'):
            op.drop_table(table, schema=schema)
