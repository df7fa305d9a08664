"""a closure may hold for some vehicles only, slow down, or be water of a depth"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

WORLDS = "select schemaname from pg_tables where tablename = 'closure' and schemaname ~ '^(live|drill_.*)$'"


def _worlds() -> list[str]:
    """Drills are made from head and kept: they go along."""
    return list(op.get_bind().scalars(sa.text(WORLDS)))


def upgrade() -> None:
    for schema in _worlds():
        columns: list[sa.Column[object]] = [
            sa.Column('closed_for', sa.ARRAY(sa.Text()), server_default='{*}', nullable=False),
            sa.Column('slower', sa.Double(), server_default='1', nullable=False),
            sa.Column('depth_m', sa.Double(), nullable=True),
        ]
        for column in columns:
            op.add_column('closure', column, schema=schema)
        op.create_check_constraint(op.f('ck_closure_slower'), 'closure', 'slower >= 1', schema=schema)
        op.create_check_constraint(op.f('ck_closure_depth'), 'closure', 'depth_m >= 0', schema=schema)


def downgrade() -> None:
    for schema in _worlds():
        for column in ('depth_m', 'slower', 'closed_for'):
            op.drop_column('closure', column, schema=schema)
