"""what was found behind an alarm"""

import sqlalchemy as sa
from alembic import op

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None

WORLDS = "select schemaname from pg_tables where tablename = 'incident' and schemaname ~ '^(live|drill_.*)$'"


def _worlds() -> list[str]:
    """Drills are made from head and kept: they go along."""
    return list(op.get_bind().scalars(sa.text(WORLDS)))


def upgrade() -> None:
    for schema in _worlds():
        op.add_column('station_state', sa.Column('found', sa.String(), nullable=True), schema=schema)
        op.create_check_constraint(
            op.f('ck_station_state_found'), 'station_state', "found in ('fire', 'permitted', 'false')", schema=schema
        )


def downgrade() -> None:
    for schema in _worlds():
        op.drop_column('station_state', 'found', schema=schema)
