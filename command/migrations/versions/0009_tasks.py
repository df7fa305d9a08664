"""tasks, what was said of them, attachments"""

from typing import Any

import geoalchemy2
import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

WORLDS = "select schemaname from pg_tables where tablename = 'closure' and schemaname ~ '^(live|drill_.*)$'"
AT = sa.DateTime(timezone=True)


def _worlds() -> list[str]:
    """Drills are made from head and kept: they go along."""
    return list(op.get_bind().scalars(sa.text(WORLDS)))


def _columns(kind: Any, names: str, *, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, kind, nullable=nullable) for name in names.split()]


def _point() -> sa.Column[object]:
    return sa.Column('geom', geoalchemy2.Geometry('POINT', srid=4490, spatial_index=False), nullable=True)


def upgrade() -> None:
    for schema in _worlds():
        op.create_table(
            'task',
            *_columns(sa.Uuid(), 'id'),
            *_columns(sa.String(), 'no source'),
            *_columns(sa.Uuid(), 'response_id decision_id incident_id', nullable=True),
            *_columns(sa.String(), 'action_no', nullable=True),
            *_columns(sa.Integer(), 'level', nullable=True),
            *_columns(sa.Boolean(), 'level_bound'),
            *_columns(sa.String(), 'organization_code', nullable=True),
            *_columns(sa.String(), 'organization'),
            *_columns(sa.String(), 'post_code', nullable=True),
            *_columns(sa.String(), 'post'),
            *_columns(sa.Uuid(), 'team_id', nullable=True),
            *_columns(sa.String(), 'town', nullable=True),
            *_columns(sa.String(), 'text_zh text_en evidence_needed place'),
            _point(),
            *_columns(AT, 'issued_at'),
            *_columns(sa.String(), 'issued_by'),
            *_columns(AT, 'due_at'),
            *_columns(sa.String(), 'state'),
            *_columns(AT, 'received_at', nullable=True),
            *_columns(sa.String(), 'received_by', nullable=True),
            *_columns(AT, 'done_at', nullable=True),
            *_columns(sa.String(), 'done_by done_account', nullable=True),
            *_columns(sa.String(), 'feedback'),
            *_columns(AT, 'overdue_at', nullable=True),
            *_columns(sa.Integer(), 'returns'),
            *_columns(AT, 'ended_at', nullable=True),
            *_columns(sa.String(), 'ended_by ended_reason', nullable=True),
            *_columns(AT, 'recorded_at'),
            sa.CheckConstraint("source in ('action', 'adhoc', 'rule')", name=op.f('ck_task_source')),
            sa.CheckConstraint(
                "state in ('issued', 'received', 'in_progress', 'done', 'returned', 'verified', 'cancelled',"
                " 'terminated')",
                name=op.f('ck_task_state'),
            ),
            sa.CheckConstraint('level between 1 and 4', name=op.f('ck_task_level')),
            sa.ForeignKeyConstraint(
                ['incident_id'], [f'{schema}.incident.id'], name=op.f('fk_task_incident_id_incident')
            ),
            sa.ForeignKeyConstraint(['team_id'], ['gis.team.id'], name=op.f('fk_task_team_id_team')),
            sa.PrimaryKeyConstraint('id', name=op.f('pk_task')),
            sa.UniqueConstraint('no', name=op.f('uq_task_no')),
            schema=schema,
        )
        op.create_index(
            'ix_task_open', 'task', ['due_at'], schema=schema, postgresql_where=sa.text('ended_at is null')
        )
        op.create_index('ix_task_response_id', 'task', ['response_id'], schema=schema)
        op.create_index('ix_task_incident_id', 'task', ['incident_id'], schema=schema)
        op.create_table(
            'task_note',
            *_columns(sa.Uuid(), 'id task_id'),
            *_columns(sa.String(), 'step text'),
            *_columns(AT, 'at'),
            *_columns(sa.String(), 'by'),
            *_columns(AT, 'recorded_at'),
            sa.ForeignKeyConstraint(['task_id'], [f'{schema}.task.id'], name=op.f('fk_task_note_task_id_task')),
            sa.PrimaryKeyConstraint('id', name=op.f('pk_task_note')),
            schema=schema,
        )
        op.create_index(op.f('ix_task_note_task_id'), 'task_note', ['task_id'], schema=schema)
        op.create_table(
            'attachment',
            *_columns(sa.Uuid(), 'id'),
            *_columns(sa.String(), 'of_kind'),
            *_columns(sa.Uuid(), 'of_id'),
            *_columns(sa.String(), 'name media_type'),
            *_columns(sa.Integer(), 'size'),
            *_columns(sa.String(), 'sha256 confidentiality'),
            *_columns(AT, 'taken_at', nullable=True),
            _point(),
            *_columns(AT, 'uploaded_at'),
            *_columns(sa.String(), 'uploaded_by'),
            *_columns(AT, 'recorded_at'),
            sa.CheckConstraint(
                "confidentiality in ('internal', 'personal')", name=op.f('ck_attachment_confidentiality')
            ),
            sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment')),
            schema=schema,
        )
        op.create_index('ix_attachment_of', 'attachment', ['of_kind', 'of_id'], schema=schema)


def downgrade() -> None:
    for schema in _worlds():
        for table in ('attachment', 'task_note', 'task'):
            op.drop_table(table, schema=schema)
