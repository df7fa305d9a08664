"""screens on the wall, sensitive incidents"""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

WORLDS = "select schemaname from pg_tables where tablename = 'incident' and schemaname ~ '^(live|drill_.*)$'"


def _worlds() -> list[str]:
    """Drills are made from head and kept: they go along."""
    return list(op.get_bind().scalars(sa.text(WORLDS)))


def upgrade() -> None:
    for schema in _worlds():
        op.add_column(
            'incident', sa.Column('sensitive', sa.Boolean(), server_default=sa.text('false'), nullable=False),
            schema=schema,
        )
        op.create_table(
            'screen',
            sa.Column('name', sa.String(), nullable=False),
            sa.Column('home', sa.String(), nullable=False),
            sa.Column('sensitive', sa.String(), nullable=False),
            sa.Column('shown', sa.JSON(none_as_null=True), nullable=True),
            sa.Column('shown_by', sa.String(), nullable=True),
            sa.Column('shown_at', sa.DateTime(timezone=True), nullable=True),
            sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
            sa.CheckConstraint(
                "home in ('daily', 'flood', 'geohazard', 'forest_fire', 'city_fire', 'drill')",
                name=op.f('ck_screen_home'),
            ),
            sa.CheckConstraint("sensitive in ('hide', 'dim')", name=op.f('ck_screen_sensitive')),
            sa.PrimaryKeyConstraint('name', name=op.f('pk_screen')),
            schema=schema,
        )


def downgrade() -> None:
    for schema in _worlds():
        op.drop_table('screen', schema=schema)
        op.drop_column('incident', 'sensitive', schema=schema)
