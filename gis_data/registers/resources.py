"""Registers of what can help: shelters, teams and their people and machines, stores, medicine, staging areas."""

from gis_data.registers.base import HAZARDS
from gis_data.registers.definition import (
    Look,
    Register,
    Words,
    choice,
    choices,
    date,
    integer,
    number,
    phone,
    ref,
    secret,
    text,
    texts,
    yes_no,
)

SHELTER, STORE, MEDICAL = "#7FCFA8", "#C7B8E0", "#D6C1B0"
SHELTER_HAZARDS: tuple[Words, ...] = (
    ("earthquake", "地震", "Earthquake"), ("typhoon", "台风", "Typhoon"), ("flood", "洪水", "Flood"),
    ("geohazard", "地质灾害", "Geological hazard"), ("fire", "火灾(含森林火灾)", "Fire"),
    ("other_natural", "其他自然灾害", "Other natural"), ("all", "综合灾害", "All hazards"),
    ("accident", "事故灾难", "Accident"), ("other", "其他突发事件", "Other"),
)  # fmt: skip

shelter = Register(
    "shelter", "避灾安置场所", "Shelters", "resource",
    (
        choice("level", "层级", "Level", (("province", "省级", "Province"), ("city", "市级", "City"),
               ("county", "县(区)级", "County"), ("town", "乡镇级", "Town"), ("village", "村级", "Village")), required=True,
               listed=True),
        choice("space", "空间类型", "Space", (("indoor", "室内", "Indoor"), ("outdoor", "室外", "Outdoor")), required=True,
               listed=True),
        choices("hazards", "适用灾种", "Hazards served", SHELTER_HAZARDS),
        choice("duration", "时长类别", "Duration", (("emergency", "紧急", "Emergency"), ("short", "短期", "Short"),
               ("long", "长期", "Long"))),
        number("building_area_m2", "建筑面积", "Building area", "m²"),
        number("effective_area_m2", "有效避难面积", "Effective area", "m²", least=1, listed=True),
        number("per_capita_m2", "人均面积", "Area per person", "m²"),
        integer("capacity", "可容纳人数", "Capacity", "人", least=1, listed=True),
        choice("capacity_source", "容量来源", "Capacity source", (("surveyed", "实测", "Surveyed"),
               ("computed", "推算", "Computed"), ("assumed", "假定", "Assumed"))),
        text("structure", "结构", "Structure"),
        text("wind_resistance", "抗风能力", "Wind resistance"),
        text("seismic_resistance", "抗震设防", "Seismic resistance"),
        yes_no("accepted", "已验收", "Accepted", listed=True),
        date("appraised_at", "安全鉴定日期", "Safety appraisal", listed=True),
        integer("beds", "床位", "Beds", "张"),
        integer("toilets", "厕位", "Toilets", "个"),
        yes_no("water", "供水", "Water"), yes_no("power", "供电", "Power"), yes_no("generator", "发电机", "Generator"),
        yes_no("kitchen", "厨房", "Kitchen"), yes_no("barrier_free", "无障碍", "Barrier-free"),
        yes_no("medical", "医疗点", "Medical point"),
        choice("state", "启用状态", "State", (("closed", "关闭", "Closed"), ("open", "开放", "Open"),
               ("out_of_use", "停用", "Out of use"))),
        ref("manager_post", "管理岗位", "Manager's post", "post"),
        ref("deputy_post", "替补岗位", "Deputy post", "post"),
        phone(),
        text("address", "地址", "Address"),
    ),
    look=Look("square", SHELTER, 0, True),
)  # fmt: skip

team = Register(
    "team", "救援队伍", "Rescue teams", "resource",
    (
        text("kind", "队伍类别", "Kind", required=True, listed=True),
        choices("hazards", "可处置灾种", "Hazards", HAZARDS, required=True, listed=True),
        integer("members", "人数", "Members", "人", least=1, required=True, listed=True),
        number("muster_s", "集结时间", "Muster time", "s", required=True, listed=True),
        text("vehicle", "主要车辆", "Vehicle", required=True, listed=True),
        integer("on_duty", "在岗人数", "On duty", "人"),
        ref("organization_code", "主管单位", "Organisation", "organization"),
        ref("leader_post", "队长岗位", "Leader's post", "post"),
        text("constraints", "安全限制", "Crew constraints"),
        phone("duty_phone", "值班电话", "Duty phone"),
    ),
)  # fmt: skip

AGES = (18, 60)
"""Nobody younger is mobilised (handbook 5.10); DEMO: nobody older."""

team_member = Register(
    "team_member", "队员", "Team members", "resource",
    (
        ref("team_code", "队伍", "Team", "team", required=True, listed=True),
        text("role", "岗位", "Role", listed=True),
        secret("identity", "姓名", "Name of the person"),
        secret("mobile", "手机", "Mobile phone"),
        integer("birth_year", "出生年份", "Year of birth", "年", least=1900, ages=AGES),
        texts("certificates", "证书", "Certificates"),
        date("trained_at", "最近培训", "Last trained"),
    ),
    None, personal=True,
)  # fmt: skip

_limits = (
    number("height_m", "车高", "Height", "m"), number("width_m", "车宽", "Width", "m"),
    number("weight_t", "总质量", "Weight", "t"), number("wading_cm", "涉水深度", "Wading depth", "cm", listed=True),
)  # fmt: skip
READY: tuple[Words, ...] = (
    ("ready", "完好", "Ready"), ("in_use", "在用", "In use"), ("repair", "维修", "In repair"), ("scrapped", "报废", "Scrapped"),
)  # fmt: skip

vehicle = Register(
    "vehicle", "车辆", "Vehicles", "resource",
    (
        ref("team_code", "队伍", "Team", "team", listed=True),
        text("kind", "类型", "Kind", required=True, listed=True), text("model", "型号", "Model"),
        integer("crew", "乘员", "Crew", "人"), text("fuel", "燃料", "Fuel"), text("gps_id", "定位终端", "GPS id"), *_limits,
        choice("state", "状态", "State", READY, required=True, listed=True),
    ),
    geometry_required=False, look=Look("square", STORE, 13),
)  # fmt: skip

equipment = Register(
    "equipment", "装备", "Equipment", "resource",
    (
        ref("team_code", "队伍", "Team", "team", listed=True), ref("depot_code", "仓库", "Depot", "supply_depot"),
        choice("category", "类别", "Category", (("detection", "侦检", "Detection"), ("search", "搜救", "Search"),
               ("rescue", "救援", "Rescue"), ("medical", "医疗", "Medical"), ("communication", "通信", "Communication"),
               ("logistics", "后勤", "Logistics"), ("pump", "排涝", "Pumping"), ("boat", "舟艇", "Boats"),
               ("forest", "森林防火", "Forest fire"), ("other", "其他", "Other")), required=True, listed=True),
        text("model", "型号", "Model"), integer("count", "数量", "Number", "件", required=True, listed=True),
        number("capacity", "能力", "Capacity", ""), text("capacity_unit", "能力单位", "Unit of capacity"),
        choice("state", "状态", "State", READY, required=True, listed=True),
    ),
    None,
)  # fmt: skip

supply_depot = Register(
    "supply_depot", "救灾物资储备库(点)", "Supply depots", "resource",
    (
        choice("level", "层级", "Level", (("district", "区级", "District"), ("town", "镇街", "Town"),
               ("village", "村社", "Village")), required=True, listed=True),
        text("ownership", "权属", "Ownership"), number("area_m2", "建筑面积", "Area", "m²"),
        number("volume_m3", "有效容积", "Effective volume", "m³", listed=True),
        number("living_wan", "生活类物资价值", "Living goods", "万元"),
        number("rescue_wan", "救援类物资价值", "Rescue goods", "万元"),
        number("other_wan", "其他物资价值", "Other goods", "万元"),
        ref("keeper_post", "保管岗位", "Keeper's post", "post"), phone("duty_phone", "24 小时电话", "24-hour phone"),
        text("access", "装卸条件", "Loading access"),
    ),
    look=Look("square", STORE, 11, True),
)  # fmt: skip

supply_item = Register(
    "supply_item", "物资品目", "Supply items", "resource",
    (
        text("class_code", "分类编码", "Class code (GB/T 38565-2020)", listed=True),
        text("unit", "计量单位", "Unit", required=True, listed=True),
    ),
    None,
)  # fmt: skip

supply_stock = Register(
    "supply_stock", "物资库存", "Stock", "resource",
    (
        ref("depot_code", "仓库", "Depot", "supply_depot", required=True, listed=True),
        ref("item_code", "品目", "Item", "supply_item", required=True, listed=True),
        number("quantity", "数量", "Quantity", "", required=True, listed=True),
        number("reserved", "已预留", "Reserved", ""), date("expires_at", "有效期至", "Expires", listed=True),
    ),
    None,
)  # fmt: skip

medical_facility = Register(
    "medical_facility", "医疗机构", "Medical facilities", "resource",
    (
        choice("kind", "类别", "Kind", (("hospital", "医院", "Hospital"), ("clinic", "卫生服务中心", "Clinic"),
               ("first_aid", "急救站", "First-aid station")), required=True, listed=True),
        integer("beds", "床位", "Beds", "张", listed=True), integer("ambulances", "救护车", "Ambulances", "辆", listed=True),
        phone("duty_phone", "值班电话", "Duty phone"),
    ),
    look=Look("diamond", MEDICAL, 11),
)  # fmt: skip

fire_station = Register(
    "fire_station", "消防站", "Fire stations", "resource",
    (
        integer("members", "人数", "Members", "人", listed=True), integer("engines", "消防车", "Engines", "辆", listed=True),
        phone("duty_phone", "值班电话", "Duty phone"),
    ),
    look=Look("square", MEDICAL, 11),
)  # fmt: skip

helipad = Register(
    "helipad", "直升机起降点", "Helipads", "resource",
    (number("length_m", "长度", "Length", "m"), yes_no("lit", "夜间照明", "Lit", listed=True)),
    look=Look("circle", MEDICAL, 12),
)  # fmt: skip

staging_area = Register(
    "staging_area", "集结场地", "Staging areas", "resource",
    (
        number("area_m2", "面积", "Area", "m²", listed=True), integer("vehicles", "可停车辆", "Vehicles", "辆", listed=True),
        text("owner", "管理单位", "Owner"),
    ),
    look=Look("square", STORE, 12),
)  # fmt: skip

REGISTERS = (
    shelter, team, team_member, vehicle, equipment, supply_depot, supply_item, supply_stock, medical_facility,
    fire_station, helipad, staging_area,
)  # fmt: skip
