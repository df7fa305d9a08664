"""Registers of man-made danger and of what to protect: chemicals, fuel, enterprises, risk points, targets."""

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
    text,
)

CHEMICAL, TARGET, FIRM = "#C9B27A", "#B9C6D4", "#A3AFBC"
ENTERPRISE_KINDS: tuple[Words, ...] = (
    ("industrial", "工业企业", "Industrial"), ("three_places", "三场所三企业", "Three places, three firms"),
    ("chemical_user", "危化品使用企业", "Chemical user"), ("gas_station", "加油站", "Petrol station"),
    ("small", "小微企业", "Small firm"), ("water_transport", "水上运输企业", "Water transport"),
)  # fmt: skip
TARGETS: tuple[Words, ...] = (
    ("school", "学校", "School"), ("kindergarten", "幼儿园", "Kindergarten"), ("hospital", "医院", "Hospital"), ("clinic", "诊所", "Clinic"),
    ("nursing_home", "养老机构", "Care home"), ("fire_station", "消防站", "Fire station"), ("police", "派出所", "Police"),
    ("hotel", "宾馆", "Hotel"), ("mall", "商场", "Mall"), ("scenic_spot", "景区", "Scenic spot"),
    ("worship", "宗教场所", "Place of worship"), ("substation", "变电站", "Substation"), ("water_works", "水厂", "Water works"),
    ("metro", "地铁站", "Metro station"), ("other", "其他", "Other"),
)  # fmt: skip

chemical_site = Register(
    "chemical_site", "危化品单位", "Chemical sites", "danger",
    (
        text("substance", "主要物质", "Main substance", required=True, listed=True),
        text("un_number", "UN 编号", "UN number", pattern=r"\d{4}", listed=True),
        text("cas_number", "CAS 号", "CAS number", pattern=r"\d{2,7}-\d{2}-\d"),
        number("max_quantity_t", "最大储量", "Largest quantity", "t", listed=True),
        choice("major_hazard", "重大危险源等级", "Major-hazard grade", (("1", "一级", "1"), ("2", "二级", "2"),
               ("3", "三级", "3"), ("4", "四级", "4"), ("none", "未构成", "None")), listed=True),
        text("emergency_card", "应急处置卡", "Emergency card"),
        number("isolation_m", "初始隔离半径", "Initial isolation", "m"),
        ref("enterprise_code", "企业", "Enterprise", "enterprise"),
        phone("duty_phone", "值班电话", "Duty phone"),
    ),
    look=Look("diamond", CHEMICAL, 11, True),
)  # fmt: skip

gas_station = Register(
    "gas_station", "加油加气站", "Petrol and gas stations", "danger",
    (
        choice("kind", "类别", "Kind", (("petrol", "加油站", "Petrol"), ("gas", "加气站", "Gas"),
               ("both", "油气合建站", "Petrol and gas"), ("charging", "充换电站", "Charging")), required=True, listed=True),
        number("tank_m3", "储罐容积", "Tank volume", "m³", listed=True),
        ref("enterprise_code", "企业", "Enterprise", "enterprise"),
        phone("duty_phone", "值班电话", "Duty phone"),
    ),
    look=Look("square", CHEMICAL, 12),
)  # fmt: skip

gas_supply_point = Register(
    "gas_supply_point", "瓶装燃气供应点", "Bottled-gas points", "danger",
    (
        integer("cylinders", "最大存瓶数", "Most cylinders", "只", listed=True),
        ref("enterprise_code", "企业", "Enterprise", "enterprise"), phone("duty_phone", "值班电话", "Duty phone"),
    ),
    look=Look("circle", CHEMICAL, 13),
)  # fmt: skip

protected_target = Register(
    "protected_target", "防护目标", "Protected targets", "danger",
    (
        choice("kind", "类别", "Kind", TARGETS, required=True, listed=True),
        integer("capacity", "容纳人数", "Capacity", "人", listed=True),
        integer("day_occupancy", "日间人数", "By day", "人"),
        integer("night_occupancy", "夜间人数", "By night", "人"),
        number("vulnerable_share", "弱势人群占比", "Vulnerable share", "%", most=100),
        ref("contact_post", "联系岗位", "Contact post", "post"),
    ),
    look=Look("diamond", TARGET, 11),
)  # fmt: skip

enterprise = Register(
    "enterprise", "企业", "Enterprises", "danger",
    (
        choices("kinds", "企业类别", "Categories", ENTERPRISE_KINDS, required=True, listed=True),
        text("address", "地址", "Address"),
        ref("committee_code", "专业委员会", "Committee", "organization"),
        choice("standard_level", "标准化等级", "Standardisation", (("2", "二级", "Level 2"), ("3", "三级", "Level 3"),
               ("4", "四级", "Level 4")), listed=True),
        text("certificate_no", "证书编号", "Certificate"),
        date("certificate_to", "证书有效期至", "Certificate valid to", listed=True),
        integer("employees", "从业人数", "Employees", "人", listed=True),
        phone("duty_phone", "值班电话", "Duty phone"),
    ),
    look=Look("square", FIRM, 13),
)  # fmt: skip

risk_point = Register(
    "risk_point", "隐患风险点", "Risk points", "danger",
    (
        text("sector", "行业领域", "Sector", required=True, listed=True),
        choice("grade", "风险等级", "Grade", (("major", "重大", "Major"), ("larger", "较大", "Larger"),
               ("general", "一般", "General"), ("low", "低", "Low")), required=True, listed=True),
        text("owner", "责任单位", "Owner", listed=True),
        text("control", "管控措施", "Control"),
    ),
    look=Look("circle", FIRM, 13),
)  # fmt: skip

flood_danger = Register(
    "flood_danger", "汛前隐患", "Flood-season dangers", "danger",
    (
        choice("object_kind", "点位类别", "Kind of point", (("geohazard", "地质灾害风险防范区", "Risk zone"),
               ("waterlogging", "城市内涝风险点", "Waterlogging point"), ("river", "河道", "River"),
               ("site", "在建工地", "Construction site"), ("compound", "老旧小区", "Old compound")), required=True,
               listed=True),
        date("found_at", "发现日期", "Found", listed=True),
        choice("state", "状态", "State", (("open", "待整改", "Open"), ("interim", "已落实度汛措施", "Interim control"),
               ("closed", "已销号", "Closed")), required=True, listed=True),
        text("measures", "度汛措施", "Measures"),
        date("closed_at", "销号日期", "Closed"),
    ),
    look=Look("triangle", FIRM, 13),
)  # fmt: skip

REGISTERS = (
    chemical_site, gas_station, gas_supply_point, protected_target, enterprise, risk_point, flood_danger,
)  # fmt: skip
