"""plans, responses and their decisions"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

WORLDS = "select schemaname from pg_tables where tablename = 'closure' and schemaname ~ '^(live|drill_.*)$'"
AT = sa.DateTime(timezone=True)


def _worlds() -> list[str]:
    """Drills are made from head and kept: they go along."""
    return list(op.get_bind().scalars(sa.text(WORLDS)))


def _columns(kind: Any, names: str, *, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, kind, nullable=nullable) for name in names.split()]


def _plan(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ['plan_id'], ['gis.plan_edition.id'], name=op.f(f'fk_{table}_plan_id_plan_edition')
    )


def upgrade() -> None:
    op.create_table(
        'plan_edition',
        *_columns(sa.Uuid(), 'id'),
        *_columns(sa.String(), 'track track_zh track_en jurisdiction jurisdiction_zh edition title document_no organ'),
        *_columns(sa.String(), 'legal_basis approved_by'),
        *_columns(sa.Date(), 'in_force_from'),
        *_columns(sa.Date(), 'in_force_to', nullable=True),
        *_columns(sa.Boolean(), 'is_demo'),
        *_columns(sa.JSON(), 'levels rules actions'),
        *_columns(sa.String(), 'sha256 loaded_by'),
        *_columns(AT, 'loaded_at'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_edition')),
        sa.UniqueConstraint('track', 'jurisdiction', 'edition', name='uq_plan_edition_key'),
        schema='gis',
    )
    for schema in _worlds():
        op.create_table(
            'response',
            *_columns(sa.Uuid(), 'id'),
            *_columns(sa.String(), 'track track_zh track_en jurisdiction jurisdiction_zh'),
            *_columns(sa.Boolean(), 'own'),
            *_columns(sa.String(), 'state'),
            *_columns(sa.Integer(), 'level'),
            *_columns(sa.Uuid(), 'plan_id', nullable=True),
            *_columns(AT, 'started_at since'),
            *_columns(AT, 'expected_until', nullable=True),
            *_columns(sa.String(), 'document_no note by'),
            *_columns(AT, 'ended_at reviewed_at', nullable=True),
            *_columns(sa.String(), 'review'),
            *_columns(AT, 'recorded_at'),
            sa.CheckConstraint('level between 0 and 4', name=op.f('ck_response_level')),
            sa.CheckConstraint("state in ('active', 'ended', 'reviewed')", name=op.f('ck_response_state')),
            _plan('response'),
            sa.PrimaryKeyConstraint('id', name=op.f('pk_response')),
            sa.UniqueConstraint('track', 'jurisdiction', name='uq_response_key'),
            schema=schema,
        )
        op.create_table(
            'response_decision',
            *_columns(sa.Uuid(), 'id'),
            *_columns(sa.String(), 'no track track_zh track_en jurisdiction jurisdiction_zh'),
            *_columns(sa.Uuid(), 'response_id', nullable=True),
            *_columns(sa.Uuid(), 'plan_id'),
            *_columns(sa.String(), 'kind'),
            *_columns(sa.Integer(), 'from_level to_level'),
            *_columns(sa.String(), 'source state'),
            *_columns(sa.JSON(), 'evidence'),
            *_columns(sa.String(), 'matter measures'),
            *_columns(sa.Integer(), 'hours'),
            *_columns(sa.String(), 'legal_basis document_no ground jump_reason attendees conclusion'),
            *_columns(AT, 'proposed_at'),
            *_columns(sa.String(), 'proposed_by proposed_account'),
            *_columns(AT, 'consulted_at', nullable=True),
            *_columns(sa.String(), 'consulted_by', nullable=True),
            *_columns(AT, 'submitted_at', nullable=True),
            *_columns(sa.String(), 'submitted_by submitted_account', nullable=True),
            *_columns(AT, 'decided_at', nullable=True),
            *_columns(sa.String(), 'decided_by decided_account decided_note text_zh text_en', nullable=True),
            *_columns(sa.Integer(), 'tasks_issued tasks_closed'),
            *_columns(AT, 'recorded_at'),
            sa.CheckConstraint("kind in ('start', 'raise', 'lower', 'end')", name=op.f('ck_response_decision_kind')),
            sa.CheckConstraint(
                "state in ('proposed', 'consulting', 'submitted', 'approved', 'rejected', 'withdrawn', 'superseded')",
                name=op.f('ck_response_decision_state'),
            ),
            sa.CheckConstraint("source in ('rule', 'manual')", name=op.f('ck_response_decision_source')),
            sa.CheckConstraint(
                'from_level between 0 and 4 and to_level between 0 and 4 and from_level <> to_level',
                name=op.f('ck_response_decision_levels'),
            ),
            sa.ForeignKeyConstraint(
                ['response_id'], [f'{schema}.response.id'], name=op.f('fk_response_decision_response_id_response')
            ),
            _plan('response_decision'),
            sa.PrimaryKeyConstraint('id', name=op.f('pk_response_decision')),
            sa.UniqueConstraint('no', name=op.f('uq_response_decision_no')),
            schema=schema,
        )
        op.create_index(
            'uq_response_decision_open',
            'response_decision',
            ['track', 'jurisdiction', 'to_level'],
            unique=True,
            schema=schema,
            postgresql_where=sa.text("state in ('proposed', 'consulting', 'submitted')"),
        )
        op.create_index(
            op.f('ix_response_decision_response_id'), 'response_decision', ['response_id'], schema=schema
        )
        op.create_table(
            'rule_memory',
            *_columns(sa.String(), 'track jurisdiction'),
            sa.Column('level', sa.Integer(), nullable=False, autoincrement=False),
            *_columns(sa.String(), 'truth'),
            *_columns(AT, 'since'),
            *_columns(sa.Boolean(), 'spent'),
            sa.Column('sources', postgresql.ARRAY(sa.TEXT()), nullable=False),
            *_columns(AT, 'recorded_at'),
            sa.CheckConstraint("truth in ('true', 'false', 'unknown')", name=op.f('ck_rule_memory_truth')),
            sa.PrimaryKeyConstraint('track', 'jurisdiction', 'level', name=op.f('pk_rule_memory')),
            schema=schema,
        )


def downgrade() -> None:
    for schema in _worlds():
        for table in ('rule_memory', 'response_decision', 'response'):
            op.drop_table(table, schema=schema)
    op.drop_table('plan_edition', schema='gis')
