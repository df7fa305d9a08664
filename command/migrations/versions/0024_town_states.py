"""colours of towns on the record"""

import sqlalchemy as sa
from alembic import op

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None

WORLDS = "select schemaname from pg_tables where tablename = 'incident' and schemaname ~ '^(live|drill_.*)$'"


def _worlds() -> list[str]:
    """Drills are made from head and kept: they go along."""
    return list(op.get_bind().scalars(sa.text(WORLDS)))


def upgrade() -> None:
    for schema in _worlds():
        op.create_table(
            'town_state',
            sa.Column('code', sa.String(), nullable=False),
            sa.Column('name', sa.String(), nullable=False),
            sa.Column('name_en', sa.String(), nullable=False),
            sa.Column('colour', sa.String(), nullable=False),
            sa.Column('colour_zh', sa.String(), nullable=False),
            sa.Column('colour_en', sa.String(), nullable=False),
            sa.Column('known', sa.Boolean(), nullable=False),
            sa.Column('reasons', sa.JSON(), nullable=False),
            sa.Column('in_scope', sa.Boolean(), nullable=False),
            sa.Column('at', sa.DateTime(timezone=True), nullable=False),
            sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
            sa.CheckConstraint(
                "colour in ('red', 'orange', 'yellow', 'blue', 'green', 'unknown')", name=op.f('ck_town_state_colour')
            ),
            sa.PrimaryKeyConstraint('code', name=op.f('pk_town_state')),
            schema=schema,
        )


def downgrade() -> None:
    for schema in _worlds():
        op.drop_table('town_state', schema=schema)
