"""transfer orders, households and persons, shelters in use, supplies, cards"""

from typing import Any

import geoalchemy2
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

WORLDS = "select schemaname from pg_tables where tablename = 'closure' and schemaname ~ '^(live|drill_.*)$'"
AT = sa.DateTime(timezone=True)
TABLES = (
    'transfer_order',
    'transfer_household',
    'transfer_person',
    'transfer_step',
    'shelter_state',
    'shelter_registration',
    'shelter_rejected',
    'stock_level',
    'stock_move',
    'card_print',
    'request_done',
)


def _worlds() -> list[str]:
    """Drills are made from head and kept: they go along."""
    return list(op.get_bind().scalars(sa.text(WORLDS)))


def _columns(kind: Any, names: str, *, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, kind, nullable=nullable) for name in names.split()]


def _geom(name: str, kind: str) -> sa.Column[object]:
    return sa.Column(name, geoalchemy2.Geometry(kind, srid=4490, spatial_index=False), nullable=True)


def upgrade() -> None:
    for schema in _worlds():
        op.create_table(
            'transfer_order',
            *_columns(sa.Uuid(), 'id'),
            *_columns(sa.String(), 'no state'),
            *_columns(sa.Uuid(), 'incident_id', nullable=True),
            *_columns(sa.String(), 'trigger scope'),
            *_columns(sa.JSON(), 'objects'),
            _geom('area', 'GEOMETRY'),
            *_columns(sa.String(), 'hazard'),
            *_columns(sa.Boolean(), 'overnight'),
            *_columns(AT, 'deadline drafted_at'),
            *_columns(sa.String(), 'drafted_by'),
            *_columns(AT, 'issued_at', nullable=True),
            *_columns(sa.String(), 'issued_by legal_basis', nullable=True),
            *_columns(AT, 'force_asked_at', nullable=True),
            *_columns(sa.String(), 'force_asked_by force_asked_account', nullable=True),
            *_columns(AT, 'forced_at', nullable=True),
            *_columns(sa.String(), 'forced_by', nullable=True),
            *_columns(sa.JSON(), 'checks'),
            *_columns(AT, 'released_at', nullable=True),
            *_columns(sa.String(), 'released_by', nullable=True),
            *_columns(AT, 'ended_at', nullable=True),
            *_columns(sa.String(), 'ended_by ended_reason', nullable=True),
            *_columns(sa.Integer(), 'households due on_the_way claimed verified away forced unreachable refused unplaced'),
            *_columns(sa.String(), 'network_version'),
            *_columns(sa.JSON(), 'closures'),
            *_columns(AT, 'recorded_at'),
            sa.CheckConstraint("state in ('draft', 'issued', 'released', 'ended', 'cancelled')", name=op.f('ck_transfer_order_state')),
            sa.ForeignKeyConstraint(['incident_id'], [f'{schema}.incident.id'], name=op.f('fk_transfer_order_incident_id_incident')),
            sa.UniqueConstraint(*['no'], name=op.f('uq_transfer_order_no')),
            sa.PrimaryKeyConstraint(*['id'], name=op.f('pk_transfer_order')),
            schema=schema,
        )
        op.create_table(
            'transfer_household',
            *_columns(sa.Uuid(), 'id order_id'),
            *_columns(sa.String(), 'code town village'),
            *_columns(sa.Integer(), 'rank persons vulnerable'),
            *_columns(sa.String(), 'cadre_post', nullable=True),
            _geom('geom', 'POINT'),
            *_columns(sa.String(), 'shelter_code', nullable=True),
            *_columns(sa.String(), 'problem'),
            _geom('route', 'LINESTRING'),
            *_columns(ARRAY(sa.BigInteger()), 'road_ids'),
            *_columns(sa.Double(), 'metres seconds offset_m', nullable=True),
            *_columns(sa.String(), 'profile'),
            *_columns(sa.JSON(), 'avoided'),
            *_columns(sa.String(), 'network_version'),
            *_columns(sa.JSON(), 'closures'),
            *_columns(AT, 'assigned_at recorded_at'),
            sa.CheckConstraint("problem in ('', 'no_way', 'no_room')", name=op.f('ck_transfer_household_problem')),
            sa.ForeignKeyConstraint(['order_id'], [f'{schema}.transfer_order.id'], name=op.f('fk_transfer_household_order_id_transfer_order')),
            sa.PrimaryKeyConstraint(*['id'], name=op.f('pk_transfer_household')),
            schema=schema,
        )
        op.create_index(op.f('ix_transfer_household_order_id'), 'transfer_household', ['order_id'], schema=schema)
        op.create_index(op.f('ix_transfer_household_shelter_code'), 'transfer_household', ['shelter_code'], schema=schema)
        op.create_table(
            'transfer_person',
            *_columns(sa.Uuid(), 'id order_id household_id'),
            *_columns(sa.String(), 'code town'),
            *_columns(sa.Boolean(), 'vulnerable'),
            *_columns(sa.String(), 'state'),
            *_columns(AT, 'since'),
            *_columns(sa.String(), 'destination shelter_code', nullable=True),
            *_columns(AT, 'claimed_at', nullable=True),
            *_columns(sa.String(), 'claimed_by claimed_account', nullable=True),
            *_columns(AT, 'verified_at', nullable=True),
            *_columns(sa.String(), 'verified_by verified_account evidence', nullable=True),
            *_columns(AT, 'forced_at ended_at', nullable=True),
            *_columns(AT, 'recorded_at'),
            sa.CheckConstraint("destination in ('shelter', 'relatives', 'other', 'medical')", name=op.f('ck_transfer_person_destination')),
            sa.CheckConstraint("state in ('due', 'notified', 'contacted', 'departed', 'arrived', 'verified', 'may_return', 'returned', 'away', 'away_confirmed', 'unreachable', 'refused', 'persuaded', 'forced', 'medical')", name=op.f('ck_transfer_person_state')),
            sa.ForeignKeyConstraint(['household_id'], [f'{schema}.transfer_household.id'], name=op.f('fk_transfer_person_household_id_transfer_household')),
            sa.ForeignKeyConstraint(['order_id'], [f'{schema}.transfer_order.id'], name=op.f('fk_transfer_person_order_id_transfer_order')),
            sa.PrimaryKeyConstraint(*['id'], name=op.f('pk_transfer_person')),
            schema=schema,
        )
        op.create_index(op.f('ix_transfer_person_household_id'), 'transfer_person', ['household_id'], schema=schema)
        op.create_index(op.f('ix_transfer_person_order_id'), 'transfer_person', ['order_id'], schema=schema)
        op.create_index(op.f('uq_transfer_person_open'), 'transfer_person', ['code'], schema=schema, unique=True, postgresql_where=sa.text('ended_at is null'))
        op.create_table(
            'transfer_step',
            *_columns(sa.Uuid(), 'id key order_id person_id'),
            *_columns(sa.String(), 'town before to evidence'),
            *_columns(sa.String(), 'destination shelter_code', nullable=True),
            *_columns(sa.String(), 'note'),
            *_columns(AT, 'happened_at at'),
            *_columns(sa.String(), 'by account'),
            *_columns(AT, 'recorded_at'),
            sa.CheckConstraint("evidence in ('scan', 'manual', 'paper', 'system')", name=op.f('ck_transfer_step_evidence')),
            sa.ForeignKeyConstraint(['order_id'], [f'{schema}.transfer_order.id'], name=op.f('fk_transfer_step_order_id_transfer_order')),
            sa.ForeignKeyConstraint(['person_id'], [f'{schema}.transfer_person.id'], name=op.f('fk_transfer_step_person_id_transfer_person')),
            sa.PrimaryKeyConstraint(*['id'], name=op.f('pk_transfer_step')),
            schema=schema,
        )
        op.create_index(op.f('ix_transfer_step_person_id'), 'transfer_step', ['person_id'], schema=schema)
        op.create_table(
            'shelter_state',
            *_columns(sa.String(), 'code name town'),
            *_columns(sa.Double(), 'lon lat'),
            *_columns(sa.String(), 'state reason'),
            *_columns(sa.Integer(), 'capacity', nullable=True),
            *_columns(sa.Integer(), 'occupancy assigned'),
            *_columns(sa.String(), 'fill'),
            *_columns(sa.String(), 'kit_stock', nullable=True),
            *_columns(AT, 'since'),
            *_columns(sa.String(), 'set_by'),
            *_columns(AT, 'updated_at recorded_at'),
            sa.CheckConstraint("fill in ('room', 'near_full', 'full')", name=op.f('ck_shelter_state_fill')),
            sa.CheckConstraint("state in ('standby', 'open', 'closed', 'out_of_use')", name=op.f('ck_shelter_state_state')),
            sa.PrimaryKeyConstraint(*['code'], name=op.f('pk_shelter_state')),
            schema=schema,
        )
        op.create_table(
            'shelter_registration',
            *_columns(sa.Uuid(), 'id key'),
            *_columns(sa.String(), 'shelter_code town'),
            *_columns(sa.Uuid(), 'order_id person_id', nullable=True),
            *_columns(sa.String(), 'code', nullable=True),
            *_columns(sa.String(), 'needs'),
            *_columns(sa.Integer(), 'kits'),
            *_columns(sa.String(), 'evidence'),
            *_columns(AT, 'in_at'),
            *_columns(sa.String(), 'in_by'),
            *_columns(AT, 'out_at', nullable=True),
            *_columns(sa.String(), 'out_by out_evidence out_to', nullable=True),
            *_columns(AT, 'recorded_at'),
            sa.CheckConstraint("evidence in ('scan', 'manual', 'paper', 'system')", name=op.f('ck_shelter_registration_evidence')),
            sa.ForeignKeyConstraint(['order_id'], [f'{schema}.transfer_order.id'], name=op.f('fk_shelter_registration_order_id_transfer_order')),
            sa.ForeignKeyConstraint(['person_id'], [f'{schema}.transfer_person.id'], name=op.f('fk_shelter_registration_person_id_transfer_person')),
            sa.ForeignKeyConstraint(['shelter_code'], [f'{schema}.shelter_state.code'], name=op.f('fk_shelter_registration_shelter_code_shelter_state')),
            sa.PrimaryKeyConstraint(*['id'], name=op.f('pk_shelter_registration')),
            schema=schema,
        )
        op.create_index(op.f('ix_shelter_registration_in'), 'shelter_registration', ['shelter_code'], schema=schema, postgresql_where=sa.text('out_at is null'))
        op.create_index(op.f('uq_shelter_registration_in'), 'shelter_registration', ['code'], schema=schema, unique=True, postgresql_where=sa.text('out_at is null'))
        op.create_table(
            'shelter_rejected',
            *_columns(sa.Uuid(), 'id key'),
            *_columns(sa.String(), 'shelter_code town'),
            *_columns(sa.Integer(), 'row'),
            *_columns(sa.JSON(), 'raw'),
            *_columns(sa.String(), 'field zh en'),
            *_columns(AT, 'at'),
            *_columns(sa.String(), 'by'),
            *_columns(AT, 'settled_at', nullable=True),
            *_columns(sa.String(), 'settled_by', nullable=True),
            *_columns(AT, 'recorded_at'),
            sa.ForeignKeyConstraint(['shelter_code'], [f'{schema}.shelter_state.code'], name=op.f('fk_shelter_rejected_shelter_code_shelter_state')),
            sa.PrimaryKeyConstraint(*['id'], name=op.f('pk_shelter_rejected')),
            schema=schema,
        )
        op.create_index(op.f('ix_shelter_rejected_shelter_code'), 'shelter_rejected', ['shelter_code'], schema=schema)
        op.create_table(
            'stock_level',
            *_columns(sa.String(), 'code'),
            *_columns(sa.Double(), 'counted on_hand'),
            *_columns(AT, 'updated_at recorded_at'),
            sa.CheckConstraint('on_hand >= 0', name=op.f('ck_stock_level_on_hand')),
            sa.PrimaryKeyConstraint(*['code'], name=op.f('pk_stock_level')),
            schema=schema,
        )
        op.create_table(
            'stock_move',
            *_columns(sa.Uuid(), 'id key'),
            *_columns(sa.String(), 'stock_code'),
            *_columns(sa.Double(), 'quantity'),
            *_columns(sa.Uuid(), 'order_id', nullable=True),
            *_columns(sa.String(), 'shelter_code', nullable=True),
            *_columns(sa.String(), 'reason'),
            *_columns(AT, 'at'),
            *_columns(sa.String(), 'by'),
            *_columns(AT, 'recorded_at'),
            sa.ForeignKeyConstraint(['order_id'], [f'{schema}.transfer_order.id'], name=op.f('fk_stock_move_order_id_transfer_order')),
            sa.ForeignKeyConstraint(['stock_code'], [f'{schema}.stock_level.code'], name=op.f('fk_stock_move_stock_code_stock_level')),
            sa.PrimaryKeyConstraint(*['id'], name=op.f('pk_stock_move')),
            schema=schema,
        )
        op.create_index(op.f('ix_stock_move_stock_code'), 'stock_move', ['stock_code'], schema=schema)
        op.create_table(
            'card_print',
            *_columns(sa.String(), 'household_code town digest'),
            *_columns(AT, 'printed_at'),
            *_columns(sa.String(), 'printed_by'),
            *_columns(AT, 'recorded_at'),
            sa.PrimaryKeyConstraint(*['household_code'], name=op.f('pk_card_print')),
            schema=schema,
        )
        op.create_table(
            'request_done',
            *_columns(sa.Uuid(), 'key'),
            *_columns(sa.String(), 'account digest'),
            *_columns(sa.JSON(), 'answer'),
            *_columns(AT, 'at recorded_at'),
            sa.PrimaryKeyConstraint(*['key'], name=op.f('pk_request_done')),
            schema=schema,
        )


def downgrade() -> None:
    for schema in _worlds():
        for table in reversed(TABLES):
            op.drop_table(table, schema=schema)
