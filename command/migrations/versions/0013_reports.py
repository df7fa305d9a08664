"""reports, grades, losses, documents; when an incident was first known and its report is due"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

WORLDS = "select schemaname from pg_tables where tablename = 'closure' and schemaname ~ '^(live|drill_.*)$'"
AT, TEXT, UUID, INT, JSON = sa.DateTime(timezone=True), sa.String(), sa.Uuid(), sa.Integer(), sa.JSON()
CLOCK = ('known_at', 'first_due_at', 'written_due_at')


def _worlds() -> list[str]:
    """Drills are made from head and kept: they go along."""
    return list(op.get_bind().scalars(sa.text(WORLDS)))


def _columns(kind: Any, names: str, *, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, kind, nullable=nullable) for name in names.split()]


def _table(schema: str, name: str, *parts: Any, key: str = 'id') -> None:
    op.create_table(
        name, *parts,
        sa.ForeignKeyConstraint(
            ['incident_id'], [f'{schema}.incident.id'], name=op.f(f'fk_{name}_incident_id_incident')
        ),
        sa.PrimaryKeyConstraint(key, name=op.f(f'pk_{name}')),
        schema=schema,
    )


def _check(table: str, column: str, words: str) -> sa.CheckConstraint:
    listed = ', '.join(f"'{word}'" for word in words.split())
    return sa.CheckConstraint(f'{column} in ({listed})', name=op.f(f'ck_{table}_{column}'))


def upgrade() -> None:
    for schema in _worlds():
        for column in (*_columns(AT, ' '.join(CLOCK), nullable=True), *_columns(AT, 'first_sent_at written_sent_at', nullable=True), *_columns(TEXT, 'class_code', nullable=True)):
            op.add_column('incident', column, schema=schema)
        op.execute(
            f'update "{schema}".incident set known_at = reported_at,'
            " first_due_at = reported_at + interval '30 minutes', written_due_at = reported_at + interval '60 minutes'"
        )
        for name in CLOCK:
            op.alter_column('incident', name, nullable=False, schema=schema)
        _table(
            schema, 'report_draft', *_columns(UUID, 'incident_id'), *_columns(sa.Boolean(), 'is_open'),
            *_columns(TEXT, 'kind'), *_columns(JSON, 'said'), *_columns(AT, 'written_at'),
            *_columns(TEXT, 'written_by'), *_columns(AT, 'recorded_at'), key='incident_id',
        )
        _table(
            schema, 'event_report', *_columns(UUID, 'id incident_id'), *_columns(INT, 'no'),
            *_columns(TEXT, 'kind channel'), *_columns(JSON, 'said'), *_columns(TEXT, 'grade', nullable=True),
            *_columns(TEXT, 'grade_zh'), *_columns(JSON, 'isolated'), *_columns(AT, 'known_at'),
            *_columns(AT, 'due_at', nullable=True), *_columns(sa.Boolean(), 'late'),
            *_columns(TEXT, 'late_reason sent_to confirmed_by'), *_columns(AT, 'sent_at'),
            *_columns(TEXT, 'sent_by sha256'), *_columns(AT, 'recorded_at'),
            _check('event_report', 'kind', 'first continued final'), _check('event_report', 'channel', 'phone written'),
            sa.UniqueConstraint('incident_id', 'no', name=op.f('uq_event_report_incident_id_no')),
        )
        _table(
            schema, 'grade_estimate', *_columns(UUID, 'id incident_id'), *_columns(AT, 'at'), *_columns(TEXT, 'by'),
            *_columns(JSON, 'figures'), *_columns(TEXT, 'grade', nullable=True), *_columns(TEXT, 'grade_zh'),
            *_columns(JSON, 'basis'), *_columns(AT, 'recorded_at'),
        )
        op.create_index(op.f('ix_grade_estimate_incident_id'), 'grade_estimate', ['incident_id'], schema=schema)
        _table(
            schema, 'loss_report', *_columns(UUID, 'id incident_id'), *_columns(INT, 'no'), *_columns(TEXT, 'stage'),
            *_columns(JSON, 'towns district'), *_columns(TEXT, 'correction'), *_columns(AT, 'handed_in_at'),
            *_columns(TEXT, 'handed_in_by'), *_columns(AT, 'recorded_at'),
            _check('loss_report', 'stage', 'first continued complete'),
            sa.UniqueConstraint('incident_id', 'no', name=op.f('uq_loss_report_incident_id_no')),
        )
        op.create_index('ix_loss_report_incident_id', 'loss_report', ['incident_id'], schema=schema)
        _table(
            schema, 'document', *_columns(UUID, 'id'), *_columns(TEXT, 'no kind'),
            *_columns(UUID, 'incident_id decision_id', nullable=True), *_columns(TEXT, 'title'),
            *_columns(JSON, 'paragraphs sources picture'), *_columns(AT, 'as_of'), *_columns(sa.Integer(), 'seq'),
            *_columns(TEXT, 'state'), *_columns(AT, 'made_at'), *_columns(TEXT, 'made_by'),
            *_columns(AT, 'changed_at', nullable=True), *_columns(TEXT, 'changed_by', nullable=True),
            *_columns(AT, 'released_at', nullable=True), *_columns(TEXT, 'released_by sha256', nullable=True),
            *_columns(AT, 'recorded_at'), _check('document', 'kind', 'situation flash notice'),
            _check('document', 'state', 'draft released dropped'),
            sa.ForeignKeyConstraint(
                ['decision_id'], [f'{schema}.response_decision.id'],
                name=op.f('fk_document_decision_id_response_decision'),
            ),
            sa.UniqueConstraint('no', name=op.f('uq_document_no')),
        )


def downgrade() -> None:
    for schema in _worlds():
        for table in ('document', 'loss_report', 'grade_estimate', 'event_report', 'report_draft'):
            op.drop_table(table, schema=schema)
        for column in (*CLOCK, 'first_sent_at', 'written_sent_at', 'class_code'):
            op.drop_column('incident', column, schema=schema)
