"""what autogenerate does not see: rules and defaults of the four registers that 0001 made as plain tables"""

from alembic import op
from sqlalchemy import text

from gis_data.pinyin import search_text

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

REGISTERS = ('admin_unit', 'protected_target', 'shelter', 'team')
BEFORE = (
    ('shelter', 'capacity', 'capacity >= 0'),
    ('team', 'members', 'members > 0'),
    ('team', 'muster', 'muster_s >= 0'),
)
RULES = (
    ('admin_unit', 'geom_accuracy_m', 'geom_accuracy_m >= 0'),
    ('admin_unit', 'geom_source', "geom_source IN ('surveyed', 'drawn', 'address', 'generated')"),
    ('admin_unit', 'households', 'households >= 0'),
    ('admin_unit', 'level', "level IN ('city', 'district', 'town', 'village', 'grid')"),
    ('admin_unit', 'population', 'population >= 0'),
    ('admin_unit', 'valid_geometry', 'ST_IsValid(geom)'),
    ('protected_target', 'capacity', 'capacity >= 0'),
    ('protected_target', 'day_occupancy', 'day_occupancy >= 0'),
    ('protected_target', 'geom_accuracy_m', 'geom_accuracy_m >= 0'),
    ('protected_target', 'geom_source', "geom_source IN ('surveyed', 'drawn', 'address', 'generated')"),
    ('protected_target', 'kind', "kind IN ('school', 'kindergarten', 'hospital', 'clinic', 'nursing_home', 'fire_station', 'police', 'hotel', 'mall', 'scenic_spot', 'worship', 'substation', 'water_works', 'metro', 'other')"),
    ('protected_target', 'night_occupancy', 'night_occupancy >= 0'),
    ('protected_target', 'vulnerable_share', 'vulnerable_share >= 0 AND vulnerable_share <= 100'),
    ('shelter', 'beds', 'beds >= 0'),
    ('shelter', 'building_area_m2', 'building_area_m2 >= 0'),
    ('shelter', 'capacity', 'capacity >= 1'),
    ('shelter', 'capacity_source', "capacity_source IN ('surveyed', 'computed', 'assumed')"),
    ('shelter', 'duration', "duration IN ('emergency', 'short', 'long')"),
    ('shelter', 'effective_area_m2', 'effective_area_m2 >= 1'),
    ('shelter', 'geom_accuracy_m', 'geom_accuracy_m >= 0'),
    ('shelter', 'geom_source', "geom_source IN ('surveyed', 'drawn', 'address', 'generated')"),
    ('shelter', 'level', "level IN ('province', 'city', 'county', 'town', 'village')"),
    ('shelter', 'per_capita_m2', 'per_capita_m2 >= 0'),
    ('shelter', 'space', "space IN ('indoor', 'outdoor')"),
    ('shelter', 'state', "state IN ('closed', 'open', 'out_of_use')"),
    ('shelter', 'toilets', 'toilets >= 0'),
    ('team', 'geom_accuracy_m', 'geom_accuracy_m >= 0'),
    ('team', 'geom_source', "geom_source IN ('surveyed', 'drawn', 'address', 'generated')"),
    ('team', 'members', 'members >= 1'),
    ('team', 'muster_s', 'muster_s >= 0'),
    ('team', 'on_duty', 'on_duty >= 0'),
)

LAID_AFTER_GO = """
do $$ declare p record; begin
  for p in select tablename, policyname from pg_policies where schemaname = 'gis' loop
    execute format('drop policy %I on gis.%I', p.policyname, p.tablename);
  end loop;
  for p in select c.relname, t.tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid
      join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'gis' and t.tgname like 'tiles_%' loop
    execute format('drop trigger %I on gis.%I', p.tgname, p.relname);
  end loop;
end $$"""
"""Row-level security and the triggers of tiles are laid anew after each migration; they hold on to columns."""


ONE_IN_FORCE = "create unique index uq_load_in_force on gis.load (kind) where replaced_at is null"


def upgrade() -> None:
    op.execute('drop index gis.uq_load_in_force')
    op.execute(f"{ONE_IN_FORCE} and kind <> 'rain'")  # of rain, one of each hour
    for table in REGISTERS:
        op.execute(f'alter table gis.{table} alter column id set default gen_random_uuid()')
        op.execute(f'alter table gis.{table} alter column is_demo set default false')
    for table, name, _ in BEFORE:
        op.execute(f'alter table gis.{table} drop constraint ck_{table}_{name}')
    for table, name, rule in RULES:
        op.execute(f'alter table gis.{table} add constraint ck_{table}_{name} check ({rule})')
    connection = op.get_bind()
    for table in REGISTERS:  # rows that were there before are found by their words and pinyin too
        for row in connection.execute(text(f"select id, code, name from gis.{table} where search = ''")).all():
            connection.execute(
                text(f'update gis.{table} set search = :search where id = :id'),
                {'search': search_text(row.name, [row.code]), 'id': row.id},
            )


def downgrade() -> None:
    op.execute('drop index gis.uq_load_in_force')
    op.execute("update gis.load set replaced_at = now() where kind = 'rain' and replaced_at is null")
    op.execute(ONE_IN_FORCE)
    op.execute(LAID_AFTER_GO)
    for table, name, _ in RULES:
        op.execute(f'alter table gis.{table} drop constraint ck_{table}_{name}')
    for table, name, rule in BEFORE:
        op.execute(f'alter table gis.{table} add constraint ck_{table}_{name} check ({rule})')
    for table in REGISTERS:
        op.execute(f'alter table gis.{table} alter column is_demo drop default')
        op.execute(f'alter table gis.{table} alter column id drop default')
