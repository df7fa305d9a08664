"""causes of incidents"""

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None

WORLDS = "select schemaname from pg_tables where tablename = 'incident' and schemaname ~ '^(live|drill_.*)$'"


def _worlds() -> list[str]:
    """Drills are made from head and kept: they go along."""
    return list(op.get_bind().scalars(sa.text(WORLDS)))


def upgrade() -> None:
    for schema in _worlds():
        op.add_column('incident', sa.Column('cause', sa.String(), nullable=True), schema=schema)


def downgrade() -> None:
    for schema in _worlds():
        op.drop_column('incident', 'cause', schema=schema)
