"""Registers of the forest-fire track: stands, sources of fire, breaks, roads, water, look-outs, checkpoints."""

from gis_data.registers.definition import Look, Register, Words, choice, integer, number, phone, ref, text, yes_no

WOOD, SOURCE, CUT = "#7FA878", "#D0A0A0", "#C2C9B0"
FUELS: tuple[Words, ...] = (
    ("masson_pine", "马尾松林", "Masson pine"), ("bamboo", "竹林", "Bamboo"), ("broadleaf", "阔叶林", "Broadleaf"),
    ("mixed", "针阔混交林", "Mixed"), ("tea", "茶园", "Tea"), ("shrub", "灌木林", "Shrub"), ("grass", "草地", "Grass"),
    ("other", "其他", "Other"),
)  # fmt: skip

forest_stand = Register(
    "forest_stand", "林地小班", "Forest stands", "forest",
    (
        choice("fuel", "可燃物类型", "Fuel", FUELS, required=True, listed=True),
        number("load_t_ha", "载量", "Load", "t/ha"),
        number("slope_deg", "坡度", "Slope", "°", most=90, listed=True),
        number("aspect_deg", "坡向", "Aspect", "°", most=360),
        number("area_ha", "面积", "Area", "公顷", listed=True),
        text("owner", "权属", "Owner"),
    ),
    "MULTIPOLYGON", look=Look("fill", WOOD, 11),
)  # fmt: skip

fire_point = Register(
    "fire_point", "重要火源点", "Sources of fire", "forest",
    (
        choice("kind", "类别", "Kind", (("graves", "坟墓", "Graves"), ("farm_edge", "农林交界", "Farmland edge"),
               ("temple", "寺庙", "Temple"), ("power_line", "电力线", "Power line"), ("camp", "露营地", "Camp site"),
               ("other", "其他", "Other")), required=True, listed=True),
        integer("count", "数量", "Number", "处"),
        ref("ranger_post", "护林员岗位", "Ranger's post", "post"),
    ),
    look=Look("triangle", SOURCE, 12),
)  # fmt: skip

fire_break = Register(
    "fire_break", "防火隔离带", "Fire breaks", "forest",
    (number("width_m", "宽度", "Width", "m", required=True, listed=True), text("state", "状况", "State", listed=True)),
    "MULTILINESTRING", look=Look("line", CUT, 12),
)  # fmt: skip

forest_road = Register(
    "forest_road", "林区道路", "Forest roads", "forest",
    (
        number("width_m", "宽度", "Width", "m", listed=True),
        yes_no("drivable", "可通车", "Drivable", required=True, listed=True),
    ),
    "MULTILINESTRING", look=Look("line", "#8B8F76", 12),
)  # fmt: skip

water_point = Register(
    "water_point", "取水点", "Water points", "forest",
    (
        choice("kind", "类别", "Kind", (("pond", "水塘", "Pond"), ("tank", "蓄水池", "Tank"), ("stream", "溪流", "Stream"),
               ("hydrant", "消火栓", "Hydrant")), required=True, listed=True),
        number("capacity_m3", "蓄水量", "Capacity", "m³", listed=True),
        yes_no("vehicle_access", "车辆可达", "Vehicle access", listed=True),
    ),
    look=Look("circle", "#6FB7D6", 12),
)  # fmt: skip

lookout = Register(
    "lookout", "瞭望台", "Look-outs", "forest",
    (number("height_m", "高度", "Height", "m", listed=True), ref("post_code", "值守岗位", "Post", "post"), phone()),
    look=Look("diamond", WOOD, 11),
)  # fmt: skip

checkpoint = Register(
    "checkpoint", "检查卡口", "Checkpoints", "forest",
    (ref("post_code", "值守岗位", "Post", "post"), phone(), text("hours", "值守时间", "Hours")),
    look=Look("square", WOOD, 12),
)  # fmt: skip

REGISTERS = (forest_stand, fire_point, fire_break, forest_road, water_point, lookout, checkpoint)
