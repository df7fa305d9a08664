"""acts of the field, and its phones"""

import geoalchemy2
import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
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
            'field_action',
            sa.Column('id', sa.Uuid(), nullable=False),
            *(sa.Column(name, sa.String(), nullable=False) for name in ('account', 'post', 'kind', 'digest')),
            *(sa.Column(name, AT, nullable=False) for name in ('happened_at', 'received_at')),
            *(sa.Column(name, sa.String(), nullable=False) for name in ('state', 'problem_zh', 'problem_en')),
            sa.Column('field', sa.String(), nullable=True),
            sa.Column('answer', sa.JSON(), nullable=False),
            sa.Column('recorded_at', AT, nullable=False),
            sa.CheckConstraint("state in ('done', 'refused')", name=op.f('ck_field_action_state')),
            sa.PrimaryKeyConstraint('id', name=op.f('pk_field_action')),
            schema=schema,
        )
        op.create_index('ix_field_action_account', 'field_action', ['account', 'received_at'], schema=schema)
        op.create_table(
            'field_device',
            sa.Column('account', sa.String(), nullable=False),
            sa.Column('post', sa.String(), nullable=False),
            sa.Column('seen_at', AT, nullable=False),
            sa.Column('latency_s', sa.Float(), nullable=False),
            sa.Column('geom', geoalchemy2.Geometry('POINT', srid=4490, spatial_index=False), nullable=True),
            sa.Column('accuracy_m', sa.Float(), nullable=True),
            sa.Column('position_at', AT, nullable=True),
            sa.Column('recorded_at', AT, nullable=False),
            sa.PrimaryKeyConstraint('account', name=op.f('pk_field_device')),
            schema=schema,
        )


def downgrade() -> None:
    for schema in _worlds():
        op.drop_table('field_device', schema=schema)
        op.drop_table('field_action', schema=schema)
