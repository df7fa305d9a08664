"""gauges of reservoirs and dykes, levels of dykes"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reservoir", sa.Column("gauge_code", sa.String(), nullable=True), schema="gis")
    op.add_column("dyke", sa.Column("gauge_code", sa.String(), nullable=True), schema="gis")
    for name in ("warning_level_m", "guarantee_level_m"):
        op.add_column("dyke", sa.Column(name, sa.Double(), nullable=True), schema="gis")


def downgrade() -> None:
    for name in ("warning_level_m", "guarantee_level_m", "gauge_code"):
        op.drop_column("dyke", name, schema="gis")
    op.drop_column("reservoir", "gauge_code", schema="gis")
