"""what is drawn at the scene, stages of forest fires"""

from typing import Any

import geoalchemy2
import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

WORLDS = "select schemaname from pg_tables where tablename = 'incident' and schemaname ~ '^(live|drill_.*)$'"
AT = sa.DateTime(timezone=True)


def _worlds() -> list[str]:
    """Drills are made from head and kept: they go along."""
    return list(op.get_bind().scalars(sa.text(WORLDS)))


def _columns(kind: Any, names: str, *, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, kind, nullable=nullable) for name in names.split()]


def _of_incident(table: str, schema: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(
            ['incident_id'], [f'{schema}.incident.id'], name=op.f(f'fk_{table}_incident_id_incident')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f(f'pk_{table}')),
    ]


def upgrade() -> None:
    for schema in _worlds():
        op.create_table(
            'incident_mark',
            *_columns(sa.Uuid(), 'id incident_id'),
            *_columns(sa.String(), 'kind name post'),
            sa.Column('geom', geoalchemy2.Geometry('GEOMETRY', srid=4490, spatial_index=False), nullable=False),
            *_columns(sa.Float(), 'area_ha', nullable=True),
            *_columns(sa.JSON(), 'basis inside targets'),
            *_columns(AT, 'set_at'),
            *_columns(sa.String(), 'set_by'),
            *_columns(sa.String(), 'decision', nullable=True),
            *_columns(AT, 'decided_at', nullable=True),
            *_columns(sa.String(), 'decided_by', nullable=True),
            *_columns(sa.String(), 'reason'),
            *_columns(AT, 'ended_at', nullable=True),
            *_columns(sa.String(), 'ended_by', nullable=True),
            *_columns(sa.String(), 'finding'),
            *_columns(AT, 'recorded_at'),
            sa.CheckConstraint(
                "kind in ('isolation', 'downwind', 'cordon', 'headquarters', 'division', 'escape', 'safety', 'burnt',"
                " 'monitor')",
                name=op.f('ck_incident_mark_kind'),
            ),
            sa.CheckConstraint("decision in ('evacuate', 'shelter')", name=op.f('ck_incident_mark_decision')),
            *_of_incident('incident_mark', schema),
            schema=schema,
        )
        op.create_index(
            'ix_incident_mark_open', 'incident_mark', ['incident_id'], schema=schema,
            postgresql_where=sa.text('ended_at is null'),
        )
        op.create_table(
            'fire_stage',
            *_columns(sa.Uuid(), 'id incident_id'),
            *_columns(sa.String(), 'stage'),
            *_columns(AT, 'at'),
            *_columns(sa.String(), 'by'),
            *_columns(AT, 'until', nullable=True),
            *_columns(sa.String(), 'note'),
            *_columns(AT, 'recorded_at'),
            sa.CheckConstraint(
                "stage in ('burning', 'out', 'mop_up', 'watch', 'accepted')", name=op.f('ck_fire_stage_stage')
            ),
            *_of_incident('fire_stage', schema),
            schema=schema,
        )
        op.create_index('ix_fire_stage_incident_id', 'fire_stage', ['incident_id'], schema=schema)


def downgrade() -> None:
    for schema in _worlds():
        op.drop_table('fire_stage', schema=schema)
        op.drop_table('incident_mark', schema=schema)
