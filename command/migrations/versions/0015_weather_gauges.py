"""gauges of the air's temperature and humidity; old readings may be purged"""

from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

ELEMENTS = ("rain", "water_level", "depth", "wind", "wind_direction", "temperature", "humidity")


def _check(elements: tuple[str, ...]) -> None:
    op.drop_constraint(op.f('ck_gauge_element'), 'gauge', schema='gis')
    said = ", ".join(f"'{one}'" for one in elements)
    op.create_check_constraint(op.f('ck_gauge_element'), 'gauge', f"element IN ({said})", schema='gis')


def upgrade() -> None:
    _check(ELEMENTS)


def downgrade() -> None:
    op.execute("delete from gis.gauge where element in ('temperature', 'humidity')")
    _check(ELEMENTS[:-2])
