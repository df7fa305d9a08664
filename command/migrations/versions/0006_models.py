"""runs of models, and closures that a gauge or a model suggests"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

WORLDS = "select schemaname from pg_tables where tablename = 'closure' and schemaname ~ '^(live|drill_.*)$'"
AT = sa.DateTime(timezone=True)


def _worlds() -> list[str]:
    """Drills are made from head and kept: they go along."""
    return list(op.get_bind().scalars(sa.text(WORLDS)))


def upgrade() -> None:
    for schema in _worlds():
        op.create_table(
            'model_run',
            sa.Column('id', sa.Uuid(), nullable=False),
            sa.Column('kind', sa.String(), nullable=False),
            sa.Column('title', sa.String(), nullable=False),
            sa.Column('asked', sa.JSON(), nullable=False),
            sa.Column('state', sa.String(), nullable=False),
            sa.Column('asked_by', sa.String(), nullable=False),
            sa.Column('asked_at', AT, nullable=False),
            sa.Column('started_at', AT, nullable=True),
            sa.Column('finished_at', AT, nullable=True),
            sa.Column('starts_at', AT, nullable=False),
            sa.Column('result', sa.JSON(), nullable=True),
            sa.Column('problem', sa.String(), nullable=True),
            sa.Column('shown', sa.Boolean(), nullable=False),
            sa.Column('recorded_at', AT, nullable=False),
            sa.CheckConstraint("state in ('queued', 'running', 'done', 'failed', 'cancelled')", name=op.f('ck_model_run_state')),
            sa.PrimaryKeyConstraint('id', name=op.f('pk_model_run')),
            schema=schema,
        )
        op.create_table(
            'suggestion',
            sa.Column('id', sa.Uuid(), nullable=False),
            sa.Column('key', sa.String(), nullable=False),
            sa.Column('source', sa.String(), nullable=False),
            sa.Column('road_ids', sa.ARRAY(sa.BigInteger()), nullable=False),
            sa.Column('place', sa.String(), nullable=False),
            sa.Column('station', sa.String(), nullable=True),
            sa.Column('run_id', sa.Uuid(), nullable=True),
            sa.Column('depth_m', sa.Double(), nullable=False),
            sa.Column('limit_m', sa.Double(), nullable=False),
            sa.Column('arrives_at', AT, nullable=True),
            sa.Column('evidence', sa.JSON(), nullable=False),
            sa.Column('geom', Geometry('MULTILINESTRING', srid=4490, spatial_index=False), nullable=False),
            sa.Column('state', sa.String(), nullable=False),
            sa.Column('made_at', AT, nullable=False),
            sa.Column('updated_at', AT, nullable=False),
            sa.Column('cleared_at', AT, nullable=True),
            sa.Column('decided_at', AT, nullable=True),
            sa.Column('decided_by', sa.String(), nullable=True),
            sa.Column('decided_note', sa.String(), nullable=True),
            sa.Column('closure_id', sa.Uuid(), nullable=True),
            sa.Column('recorded_at', AT, nullable=False),
            sa.CheckConstraint("source in ('gauge', 'model')", name=op.f('ck_suggestion_source')),
            sa.CheckConstraint("state in ('open', 'confirmed', 'dismissed', 'withdrawn')", name=op.f('ck_suggestion_state')),
            sa.ForeignKeyConstraint(['run_id'], [f'{schema}.model_run.id'], name=op.f('fk_suggestion_run_id_model_run')),
            sa.ForeignKeyConstraint(['closure_id'], [f'{schema}.closure.id'], name=op.f('fk_suggestion_closure_id_closure')),
            sa.PrimaryKeyConstraint('id', name=op.f('pk_suggestion')),
            schema=schema,
        )
        op.create_index(
            'uq_suggestion_point', 'suggestion', ['key'], unique=True, schema=schema,
            postgresql_where=sa.text('cleared_at is null'),
        )


def downgrade() -> None:
    for schema in _worlds():
        op.drop_table('suggestion', schema=schema)
        op.drop_table('model_run', schema=schema)
