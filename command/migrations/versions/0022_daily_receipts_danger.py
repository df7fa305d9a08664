"""daily reports, what gateways say of messages, danger of the day as it was stored"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None

WORLDS = "select schemaname from pg_tables where tablename = 'incident' and schemaname ~ '^(live|drill_.*)$'"
AT = sa.DateTime(timezone=True)
KINDS = ('situation', 'flash', 'notice', 'daily')


def _worlds() -> list[str]:
    """Drills are made from head and kept: they go along."""
    return list(op.get_bind().scalars(sa.text(WORLDS)))


def _kinds(schema: str, kinds: tuple[str, ...]) -> None:
    op.drop_constraint(op.f('ck_document_kind'), 'document', schema=schema)
    said = ", ".join(f"'{one}'" for one in kinds)
    op.create_check_constraint(op.f('ck_document_kind'), 'document', f'kind in ({said})', schema=schema)


def _columns(kind: Any, names: str, *, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, kind, nullable=nullable) for name in names.split()]


def upgrade() -> None:
    for schema in _worlds():
        _kinds(schema, KINDS)
        op.add_column('out_message', sa.Column('delivery', sa.JSON(), nullable=True), schema=schema)
        op.create_table(
            'fire_danger_day',
            *_columns(sa.Uuid(), 'id'),
            *_columns(sa.Date(), 'day'),
            *_columns(AT, 'at'),
            *_columns(sa.String(), 'by'),
            *_columns(sa.Integer(), 'danger_class', nullable=True),
            *_columns(sa.JSON(), 'towns inputs'),
            *_columns(AT, 'recorded_at'),
            sa.PrimaryKeyConstraint('id', name=op.f('pk_fire_danger_day')),
            schema=schema,
        )
        op.create_index(op.f('ix_fire_danger_day_day'), 'fire_danger_day', ['day'], schema=schema)


def downgrade() -> None:
    for schema in _worlds():
        op.drop_table('fire_danger_day', schema=schema)
        op.drop_column('out_message', 'delivery', schema=schema)
        op.execute(f'delete from "{schema}".document where kind = \'daily\'')
        _kinds(schema, KINDS[:-1])
