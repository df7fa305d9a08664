"""who acknowledged alarms, who silenced them"""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

WORLDS = "select schemaname from pg_tables where tablename = 'incident' and schemaname ~ '^(live|drill_.*)$'"
AT = sa.DateTime(timezone=True)


def _worlds() -> list[str]:
    """Drills are made from head and kept: they go along."""
    return list(op.get_bind().scalars(sa.text(WORLDS)))


def upgrade() -> None:
    for schema in _worlds():
        op.create_table(
            'alarm_word',
            sa.Column('id', sa.String(), nullable=False),
            sa.Column('episode', sa.String(), nullable=False),
            sa.Column('at', AT, nullable=False),
            sa.Column('by', sa.String(), nullable=False),
            sa.Column('until', AT, nullable=True),
            sa.Column('ended_at', AT, nullable=True),
            sa.Column('recorded_at', AT, nullable=False),
            sa.PrimaryKeyConstraint('id', name=op.f('pk_alarm_word')),
            schema=schema,
        )


def downgrade() -> None:
    for schema in _worlds():
        op.drop_table('alarm_word', schema=schema)
