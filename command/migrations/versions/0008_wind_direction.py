"""gauges of the wind's direction"""

from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

ELEMENTS = ("rain", "water_level", "depth", "wind", "wind_direction")


def _check(elements: tuple[str, ...]) -> None:
    op.drop_constraint(op.f('ck_gauge_element'), 'gauge', schema='gis')
    said = ", ".join(f"'{one}'" for one in elements)
    op.create_check_constraint(op.f('ck_gauge_element'), 'gauge', f"element IN ({said})", schema='gis')


def upgrade() -> None:
    _check(ELEMENTS)


def downgrade() -> None:
    op.execute("delete from gis.gauge where element = 'wind_direction'")
    _check(ELEMENTS[:-1])
