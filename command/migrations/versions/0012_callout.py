"""call-outs, messages on their way out, duty, reminders, head counts"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

WORLDS = "select schemaname from pg_tables where tablename = 'closure' and schemaname ~ '^(live|drill_.*)$'"
AT, TEXT, UUID, INT = sa.DateTime(timezone=True), sa.String(), sa.Uuid(), sa.Integer()
JSON, WORDS = sa.JSON(), postgresql.ARRAY(sa.Text())


def _worlds() -> list[str]:
    """Drills are made from head and kept: they go along."""
    return list(op.get_bind().scalars(sa.text(WORLDS)))


def _columns(kind: Any, names: str, *, nullable: bool = False) -> list[sa.Column[object]]:
    return [sa.Column(name, kind, nullable=nullable) for name in names.split()]


def _table(schema: str, name: str, *parts: Any, refers: dict[str, str] | None = None, key: str = 'id') -> None:
    """A table with its primary key and its references, column → `table.column`."""
    columns = [column for part in parts for column in (part if isinstance(part, list) else [part])]
    links = [
        sa.ForeignKeyConstraint(
            [column], [f'{schema}.{target}'], name=op.f(f"fk_{name}_{column}_{target.split('.')[0]}")
        )
        for column, target in (refers or {}).items()
    ]
    op.create_table(name, *columns, *links, sa.PrimaryKeyConstraint(key, name=op.f(f'pk_{name}')), schema=schema)


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f'ck_{table}_{name}'))


def upgrade() -> None:
    for schema in _worlds():
        _callouts(schema)
        _duty(schema)
        _heads(schema)


def _callouts(schema: str) -> None:
    _table(
        schema, 'callout',
        _columns(UUID, 'id'), _columns(TEXT, 'no why'), _columns(TEXT, 'why_id', nullable=True),
        _columns(TEXT, 'title text'), _columns(JSON, 'scope'), _columns(TEXT, 'depth pattern'),
        _columns(JSON, 'ladder'), _columns(WORDS, 'channels gaps'), _columns(AT, 'made_at'),
        _columns(TEXT, 'made_by'), _columns(AT, 'closed_at', nullable=True),
        _columns(TEXT, 'closed_by closed_reason', nullable=True), _columns(AT, 'recorded_at'),
        _check('callout', 'why', "why in ('warning', 'hazard', 'response', 'hand')"),
        _check('callout', 'depth', "depth in ('town', 'village', 'household')"),
        _check('callout', 'pattern', "pattern in ('plain', '1833')"),
        sa.UniqueConstraint('no', name=op.f('uq_callout_no')),
    )
    op.create_index(
        'ix_callout_open', 'callout', ['made_at'], schema=schema, postgresql_where=sa.text('closed_at is null')
    )
    _table(
        schema, 'call_record',
        _columns(UUID, 'id callout_id'), _columns(INT, 'place'), _columns(TEXT, 'post_code post level state'),
        _columns(INT, 'rung'), _columns(TEXT, 'channel'), _columns(TEXT, 'target_code', nullable=True),
        _columns(TEXT, 'target'), _columns(INT, 'failures'), _columns(AT, 'sent_at'),
        _columns(AT, 'due_at overdue_at reached_at', nullable=True),
        _columns(TEXT, 'reached_by reached_channel', nullable=True),
        _columns(AT, 'read_back_at action_at', nullable=True), _columns(TEXT, 'action_account', nullable=True),
        _columns(AT, 'verified_at', nullable=True), _columns(TEXT, 'verified_by', nullable=True),
        _columns(AT, 'recorded_at'),
        _check('call_record', 'state', "state in ('sent', 'reached', 'read_back', 'action', 'verified')"),
        sa.UniqueConstraint('callout_id', 'post_code', name='uq_call_record_post'),
        refers={'callout_id': 'callout.id'},
    )
    op.create_index(
        'ix_call_record_due', 'call_record', ['due_at'], schema=schema,
        postgresql_where=sa.text('due_at is not null'),
    )
    _table(
        schema, 'call_entry',
        _columns(UUID, 'id record_id'), _columns(TEXT, 'step channel whom text'), _columns(AT, 'at'),
        _columns(TEXT, 'by'), _columns(AT, 'recorded_at'),
        _check(
            'call_entry', 'step',
            "step in ('sent', 'failed', 'escalated', 'exhausted', 'delivered', 'undelivered', 'reached', 'read_back',"
            " 'action', 'verified')",
        ),
        refers={'record_id': 'call_record.id'},
    )
    op.create_index(op.f('ix_call_entry_record_id'), 'call_entry', ['record_id'], schema=schema)
    _table(
        schema, 'out_message',
        _columns(UUID, 'id'), _columns(TEXT, 'of_kind'), _columns(UUID, 'of_id'), _columns(TEXT, 'channel'),
        _columns(TEXT, 'to_post', nullable=True), _columns(TEXT, 'to_name title text state'),
        _columns(INT, 'tries'), _columns(AT, 'made_at next_at'), _columns(AT, 'sent_at', nullable=True),
        _columns(JSON, 'receipt', nullable=True), _columns(TEXT, 'problem', nullable=True),
        _columns(AT, 'recorded_at'),
        _check('out_message', 'state', "state in ('waiting', 'sent', 'failed', 'withdrawn')"),
    )
    op.create_index(
        'ix_out_message_waiting', 'out_message', ['next_at'], schema=schema,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index('ix_out_message_of', 'out_message', ['of_kind', 'of_id'], schema=schema)


def _duty(schema: str) -> None:
    _table(
        schema, 'duty_shift',
        _columns(UUID, 'id'), _columns(TEXT, 'state'), _columns(UUID, 'outgoing_id', nullable=True),
        _columns(TEXT, 'outgoing_post', nullable=True), _columns(TEXT, 'post account leader'),
        _columns(AT, 'offered_at'), _columns(AT, 'started_at ended_at', nullable=True), _columns(AT, 'recorded_at'),
        _check('duty_shift', 'state', "state in ('handover', 'on', 'ended', 'dropped')"),
        refers={'outgoing_id': 'duty_shift.id'},
    )
    op.create_index(
        'uq_duty_shift_current', 'duty_shift', ['state'], unique=True, schema=schema,
        postgresql_where=sa.text("state in ('handover', 'on')"),
    )
    _table(
        schema, 'duty_item',
        _columns(UUID, 'id shift_id'), _columns(TEXT, 'of_kind of_id title'), _columns(AT, 'added_at'),
        _columns(AT, 'accepted_at', nullable=True), _columns(TEXT, 'accepted_by', nullable=True),
        _columns(AT, 'gone_at', nullable=True), _columns(AT, 'recorded_at'),
        sa.UniqueConstraint('shift_id', 'of_kind', 'of_id', name='uq_duty_item_of'),
        refers={'shift_id': 'duty_shift.id'},
    )
    _table(
        schema, 'duty_entry',
        _columns(UUID, 'id'), _columns(TEXT, 'no'), _columns(UUID, 'shift_id', nullable=True), _columns(AT, 'at'),
        _columns(TEXT, 'channel person_post content action written_by'), _columns(TEXT, 'closure', nullable=True),
        _columns(AT, 'closed_at', nullable=True), _columns(TEXT, 'closed_by', nullable=True),
        _columns(AT, 'recorded_at'),
        sa.UniqueConstraint('no', name=op.f('uq_duty_entry_no')),
        refers={'shift_id': 'duty_shift.id'},
    )
    op.create_index(op.f('ix_duty_entry_shift_id'), 'duty_entry', ['shift_id'], schema=schema)
    op.create_index(
        'ix_duty_entry_open', 'duty_entry', ['at'], schema=schema, postgresql_where=sa.text('closed_at is null')
    )
    _table(
        schema, 'duty_roll',
        _columns(UUID, 'id'), _columns(TEXT, 'kind title'), _columns(AT, 'made_at'), _columns(TEXT, 'made_by'),
        _columns(AT, 'done_at', nullable=True), _columns(AT, 'recorded_at'),
        _check('duty_roll', 'kind', "kind in ('call_test', 'attendance')"),
    )
    _table(
        schema, 'duty_roll_row',
        _columns(UUID, 'id roll_id'), _columns(INT, 'place'), _columns(TEXT, 'post_code', nullable=True),
        _columns(TEXT, 'name'), _columns(TEXT, 'deputy result', nullable=True), _columns(TEXT, 'channel note'),
        _columns(AT, 'at', nullable=True), _columns(TEXT, 'by', nullable=True), _columns(AT, 'recorded_at'),
        _check('duty_roll_row', 'result', "result in ('present', 'absent', 'deputy')"),
        sa.UniqueConstraint('roll_id', 'place', name='uq_duty_roll_row_place'),
        refers={'roll_id': 'duty_roll.id'},
    )
    _table(
        schema, 'work_reminder',
        _columns(UUID, 'id'), _columns(sa.Date(), 'day'), _columns(TEXT, 'state text'), _columns(JSON, 'numbers'),
        _columns(AT, 'deadline made_at'), _columns(TEXT, 'made_by'), _columns(AT, 'edited_at', nullable=True),
        _columns(TEXT, 'edited_by', nullable=True), _columns(AT, 'approved_at', nullable=True),
        _columns(TEXT, 'approved_by', nullable=True), _columns(AT, 'sent_at', nullable=True),
        _columns(TEXT, 'sent_by', nullable=True), _columns(AT, 'late_at', nullable=True),
        _columns(AT, 'recorded_at'),
        _check('work_reminder', 'state', "state in ('draft', 'approved', 'sending', 'sent')"),
        sa.UniqueConstraint('day', name=op.f('uq_work_reminder_day')),
    )


def _heads(schema: str) -> None:
    _table(
        schema, 'head_watch',
        _columns(UUID, 'dispatch_id'), _columns(INT, 'expected'), _columns(INT, 'counted', nullable=True),
        _columns(AT, 'counted_at', nullable=True), _columns(TEXT, 'counted_by', nullable=True),
        _columns(AT, 'due_at'), _columns(TEXT, 'alarm', nullable=True), _columns(AT, 'alarm_at', nullable=True),
        _columns(AT, 'recorded_at'),
        _check('head_watch', 'alarm', "alarm in ('missed', 'short')"),
        refers={'dispatch_id': 'dispatch.id'}, key='dispatch_id',
    )
    _table(
        schema, 'head_count',
        _columns(UUID, 'id dispatch_id'), _columns(INT, 'expected counted'), _columns(TEXT, 'note'),
        _columns(AT, 'at'), _columns(TEXT, 'by'), _columns(AT, 'recorded_at'),
        refers={'dispatch_id': 'dispatch.id'},
    )
    op.create_index(op.f('ix_head_count_dispatch_id'), 'head_count', ['dispatch_id'], schema=schema)


def downgrade() -> None:
    for schema in _worlds():
        for table in (
            'head_count', 'head_watch', 'work_reminder', 'duty_roll_row', 'duty_roll', 'duty_entry', 'duty_item',
            'duty_shift', 'out_message', 'call_entry', 'call_record', 'callout',
        ):
            op.drop_table(table, schema=schema)
