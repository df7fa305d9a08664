"""readings of gauges and sensors, what of them was refused, who is silent; sources with keys"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

WORLDS = "select schemaname from pg_tables where tablename = 'closure' and schemaname ~ '^(live|drill_.*)$'"
AT = sa.DateTime(timezone=True)


def _worlds() -> list[str]:
    """Drills are made from head and kept: they go along."""
    return list(op.get_bind().scalars(sa.text(WORLDS)))


def _texts(name: str, default: str) -> sa.Column[object]:
    return sa.Column(name, postgresql.ARRAY(sa.TEXT()), server_default=sa.text(default), nullable=False)


def upgrade() -> None:
    op.create_table(
        'reading_source',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('key_hash', sa.String(), nullable=False),
        _texts('worlds', "'{live}'"),
        _texts('elements', "'{}'"),
        _texts('stations', "'{}'"),
        sa.Column('made_at', AT, nullable=False),
        sa.Column('made_by', sa.String(), nullable=False),
        sa.Column('revoked_at', AT, nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_reading_source')),
        schema='gis',
    )
    for schema in _worlds():
        op.create_table(
            'reading',
            sa.Column('station', sa.String(), nullable=False),
            sa.Column('element', sa.String(), nullable=False),
            sa.Column('at', AT, nullable=False),
            sa.Column('value', sa.Double(), nullable=False),
            sa.Column('span_s', sa.Integer(), nullable=False),
            sa.Column('quality', sa.String(), nullable=False),
            sa.Column('rule', sa.String(), nullable=True),
            sa.Column('source', sa.String(), nullable=False),
            sa.Column('received_at', AT, nullable=False),
            sa.CheckConstraint("quality in ('good', 'suspect')", name=op.f('ck_reading_quality')),
            sa.PrimaryKeyConstraint('station', 'element', 'at', name=op.f('pk_reading')),
            schema=schema,
        )
        op.create_table(
            'reading_rejected',
            sa.Column('id', sa.BigInteger(), sa.Identity(), nullable=False),
            sa.Column('raw', sa.JSON(), nullable=False),
            sa.Column('rule', sa.String(), nullable=False),
            sa.Column('field', sa.String(), nullable=False),
            sa.Column('zh', sa.String(), nullable=False),
            sa.Column('en', sa.String(), nullable=False),
            sa.Column('source', sa.String(), nullable=False),
            sa.Column('received_at', AT, nullable=False),
            sa.PrimaryKeyConstraint('id', name=op.f('pk_reading_rejected')),
            schema=schema,
        )
        op.create_index('ix_reading_rejected_received_at', 'reading_rejected', ['received_at'], schema=schema)
        op.create_table(
            'station_state',
            sa.Column('station', sa.String(), nullable=False),
            sa.Column('element', sa.String(), nullable=False),
            sa.Column('name', sa.String(), nullable=False),
            sa.Column('lon', sa.Double(), nullable=False),
            sa.Column('lat', sa.Double(), nullable=False),
            sa.Column('state', sa.String(), nullable=False),
            sa.Column('since', AT, nullable=False),
            sa.Column('last_at', AT, nullable=False),
            sa.Column('last_value', sa.Double(), nullable=False),
            sa.Column('quality', sa.String(), nullable=False),
            sa.Column('recorded_at', AT, nullable=False),
            sa.CheckConstraint("state in ('fresh', 'silent', 'alarm', 'withdrawn')", name=op.f('ck_station_state_state')),
            sa.PrimaryKeyConstraint('station', name=op.f('pk_station_state')),
            schema=schema,
        )


def downgrade() -> None:
    for schema in _worlds():
        for table in ('station_state', 'reading_rejected', 'reading'):
            op.drop_table(table, schema=schema)
    op.drop_table('reading_source', schema='gis')
