"""tropical cyclones and what agencies say of them"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

WORLDS = "select schemaname from pg_tables where tablename = 'incident' and schemaname ~ '^(live|drill_.*)$'"
AT = sa.DateTime(timezone=True)


def _worlds() -> list[str]:
    """Drills are made from head and kept: they go along."""
    return list(op.get_bind().scalars(sa.text(WORLDS)))


def _columns(kind: Any, names: str, *, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, kind, nullable=nullable) for name in names.split()]


def upgrade() -> None:
    for schema in _worlds():
        op.create_table(
            'cyclone',
            *_columns(sa.Uuid(), 'id'),
            *_columns(sa.String(), 'number agency name_zh name_en'),
            *_columns(sa.Boolean(), 'is_demo'),
            *_columns(sa.String(), 'state'),
            *_columns(AT, 'last_at'),
            *_columns(sa.JSON(), 'observed forecast'),
            *_columns(AT, 'forecast_at', nullable=True),
            *_columns(sa.JSON(), 'shapes approach course'),
            *_columns(AT, 'received_at'),
            *_columns(sa.String(), 'received_by'),
            *_columns(AT, 'ended_at', nullable=True),
            *_columns(sa.String(), 'ended_by', nullable=True),
            *_columns(sa.String(), 'ended_why'),
            *_columns(AT, 'recorded_at'),
            sa.CheckConstraint("state in ('open', 'ended')", name=op.f('ck_cyclone_state')),
            sa.PrimaryKeyConstraint('id', name=op.f('pk_cyclone')),
            sa.UniqueConstraint('number', 'agency', name='uq_cyclone_key'),
            schema=schema,
        )
        op.create_table(
            'cyclone_issue',
            *_columns(sa.Uuid(), 'id cyclone_id'),
            *_columns(AT, 'at'),
            *_columns(sa.Integer(), 'revision'),
            *_columns(sa.JSON(), 'fix forecast'),
            *_columns(sa.String(), 'sha256'),
            *_columns(AT, 'received_at'),
            *_columns(sa.String(), 'received_by'),
            *_columns(AT, 'recorded_at'),
            sa.ForeignKeyConstraint(
                ['cyclone_id'], [f'{schema}.cyclone.id'], name=op.f('fk_cyclone_issue_cyclone_id_cyclone')
            ),
            sa.PrimaryKeyConstraint('id', name=op.f('pk_cyclone_issue')),
            sa.UniqueConstraint('cyclone_id', 'at', 'revision', name='uq_cyclone_issue_key'),
            schema=schema,
        )


def downgrade() -> None:
    for schema in _worlds():
        op.drop_table('cyclone_issue', schema=schema)
        op.drop_table('cyclone', schema=schema)
