"""Registers of natural hazards: slopes, water, villages, houses, sites, what happened before."""

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
    text,
    yes_no,
)

EARTH, WATER, VILLAGE, HOUSE = "#C8A27A", "#6FB7D6", "#9FC5A8", "#B9A7C9"

SLIDES: tuple[Words, ...] = (
    ("landslide", "滑坡", "Landslide"), ("collapse", "崩塌", "Collapse"), ("debris_flow", "泥石流", "Debris flow"),
    ("ground_collapse", "地面塌陷", "Ground collapse"),
)  # fmt: skip
RISKS: tuple[Words, ...] = (
    ("very_high", "极高", "Very high"), ("high", "高", "High"), ("medium", "中", "Medium"), ("low", "低", "Low"),
)  # fmt: skip
STABILITY: tuple[Words, ...] = (
    ("stable", "稳定", "Stable"), ("fair", "基本稳定", "Fairly stable"), ("poor", "欠稳定", "Poorly stable"),
    ("unstable", "不稳定", "Unstable"),
)  # fmt: skip
_threatened = (
    integer("threatened_households", "威胁户数", "Households threatened", "户", listed=True),
    integer("threatened_persons", "威胁人数", "Persons threatened", "人", listed=True),
    number("threatened_assets_wan", "威胁财产", "Assets threatened", "万元"),
)

geohazard_zone = Register(
    "geohazard_zone", "地质灾害风险防范区", "Geological-hazard risk zones", "hazard",
    (
        choice("kind", "类别", "Class", (("key", "重点", "Key"), ("general", "一般", "General")), required=True,
               listed=True),
        choice("risk", "风险等级", "Risk", RISKS, required=True, listed=True),
        choice("hazard_kind", "灾害类型", "Type", SLIDES, required=True, listed=True),
        choice("body", "致灾体", "Hazard body", (("slope", "斜坡", "Slope"), ("cut_slope", "切坡", "Cut slope"),
               ("point", "风险点", "Point"))),
        choice("stability", "稳定性", "Stability", STABILITY),
        *_threatened,
        ref("patrol_post", "巡查责任岗位", "Patrol post", "post"),
        text("escape_route", "撤离路线", "Escape route"),
        text("refuge", "避让点", "Refuge point"),
        ref("shelter_code", "安置场所", "Shelter", "shelter"),
    ),
    "MULTIPOLYGON", look=Look("fill", EARTH, 10, True),
)  # fmt: skip

geohazard_point = Register(
    "geohazard_point", "地质灾害隐患点", "Geological-hazard points", "hazard",
    (
        choice("hazard_kind", "灾害类型", "Type", SLIDES, required=True, listed=True),
        choice("scale", "规模等级", "Scale", (("extra", "特大型", "Extra large"), ("large", "大型", "Large"),
               ("medium", "中型", "Medium"), ("small", "小型", "Small")), listed=True),
        number("volume_m3", "体积", "Volume", "m³"),
        date("discovered_at", "发现日期", "Discovered"),
        text("trigger", "诱发因素", "Trigger"),
        choice("stability", "稳定性", "Stability", STABILITY),
        text("trend", "发展趋势", "Trend"),
        *_threatened,
        choice("measure", "防治措施", "Measure", (("engineering", "工程治理", "Engineering"),
               ("relocation", "搬迁避让", "Relocation"), ("monitoring", "监测", "Monitoring")), listed=True),
        ref("town_post", "镇街责任岗位", "Town's post", "post"),
        ref("resource_post", "自然资源责任岗位", "Natural-resources post", "post"),
        ref("monitor_post", "群测群防岗位", "Monitor post", "post"),
        date("cancelled_at", "核销日期", "Cancelled"),
        text("cancelled_why", "核销原因", "Reason of cancelling"),
    ),
    look=Look("triangle", EARTH, 11, True),
)  # fmt: skip

cut_slope_house = Register(
    "cut_slope_house", "切坡建房", "Houses on cut slopes", "hazard",
    (
        number("cut_height_m", "切坡高度", "Height of cut", "m", listed=True),
        number("distance_m", "屋坡距离", "Distance house to slope", "m"),
        choice("risk", "风险等级", "Risk", RISKS, listed=True),
        integer("persons", "居住人数", "Occupants", "人", listed=True),
    ),
    look=Look("square", EARTH, 13),
)  # fmt: skip

slope_unit = Register(
    "slope_unit", "斜坡单元", "Slope units", "hazard",
    (
        choice("susceptibility", "易发程度", "Susceptibility", RISKS, listed=True),
        choice("hazard_level", "危险性", "Hazard", RISKS),
        choice("risk", "风险等级", "Risk", RISKS, listed=True),
        number("slope_deg", "平均坡度", "Mean slope", "°", most=90, listed=True),
    ),
    "MULTIPOLYGON", look=Look("fill", "#8F7A63", 12),
)  # fmt: skip

waterlogging_point = Register(
    "waterlogging_point", "城市内涝风险点", "Waterlogging points", "hazard",
    (
        choice("kind", "类型", "Kind", (("road", "道路", "Road"), ("underpass", "下穿立交", "Underpass"),
               ("tunnel", "隧道", "Tunnel"), ("underground", "地下空间", "Underground space"),
               ("compound", "小区", "Compound"), ("village", "低洼村", "Low-lying village")), required=True, listed=True),
        text("causes", "成因", "Causes"),
        text("history", "积水历史", "History"),
        integer("design_return_years", "设计重现期", "Design return period", "年", least=1),
        text("pump_station", "排水泵站", "Pump station"),
        yes_no("barrier", "阻车设施", "Barrier"),
        ref("gauge_code", "水位计", "Gauge", "gauge", listed=True),
        number("attention_cm", "关注水深", "Depth: attention", "cm"),
        number("warn_cm", "警戒水深", "Depth: warn", "cm"),
        number("close_cm", "封控水深", "Depth: close", "cm", listed=True),
        text("plan", "一点一策", "Plan for the point"),
        text("responsible_unit", "责任单位", "Responsible unit", listed=True),
        text("crew", "值守队伍", "Crew"),
        text("equipment", "抢险设备", "Equipment"),
        text("detour", "绕行路线", "Detour"),
        text("closed_by", "封控执行单位", "Closed by"),
    ),
    look=Look("triangle", WATER, 11, True),
)  # fmt: skip

underpass = Register(
    "underpass", "下穿通道", "Underpasses", "hazard",
    (
        text("road_name", "道路", "Road", required=True, listed=True),
        number("clearance_m", "净空", "Clearance", "m", listed=True),
        ref("gauge_code", "水位计", "Gauge", "gauge", listed=True),
        number("close_cm", "封控水深", "Closing depth", "cm", listed=True),
        yes_no("gate", "电动闸杆", "Gate control"),
        number("catchment_m2", "汇水面积", "Catchment", "m²"),
        number("storage_m3", "蓄水容积", "Storage", "m³"),
        number("pump_m3h", "排水能力", "Pump capacity", "m³/h"),
        ref("waterlogging_code", "内涝点", "Waterlogging point", "waterlogging_point"),
    ),
    "LINESTRING", look=Look("line", WATER, 12),
)  # fmt: skip

_levels = (
    number("warning_level_m", "警戒水位", "Warning level", "m", least=None, listed=True),
    number("guarantee_level_m", "保证水位", "Guarantee level", "m", least=None, listed=True),
    text("vertical_datum", "高程基准", "Vertical datum", required=True),
    text("manager", "管理单位", "Manager"),
)

river_reach = Register(
    "river_reach", "河道", "River reaches", "hazard",
    (text("river", "河流", "River", required=True, listed=True), text("grade", "等级", "Grade"), *_levels),
    "MULTILINESTRING", look=Look("line", WATER, 11),
)  # fmt: skip

dyke = Register(
    "dyke", "堤防", "Dykes", "hazard",
    (
        text("river", "河流", "River", required=True, listed=True), text("grade", "等级", "Grade", listed=True),
        number("crest_m", "堤顶高程", "Crest height", "m", least=None, listed=True), *_levels,
        ref("gauge_code", "水位站", "Gauge", "gauge", listed=True),
    ),
    "MULTILINESTRING", look=Look("line", "#A9B8C6", 11),
)  # fmt: skip

reservoir = Register(
    "reservoir", "水库山塘", "Reservoirs and ponds", "hazard",
    (
        text("grade", "等级", "Grade", listed=True),
        number("capacity_m3", "总库容", "Capacity", "m³", listed=True),
        number("flood_limit_level_m", "汛限水位", "Flood-limit level", "m", least=None, listed=True),
        number("crest_m", "坝顶高程", "Crest height", "m", least=None),
        ref("gauge_code", "水位站", "Gauge", "gauge", listed=True),
        text("vertical_datum", "高程基准", "Vertical datum", required=True),
        text("manager", "管理单位", "Manager"),
        ref("patrol_post", "巡查岗位", "Patrol post", "post"),
    ),
    look=Look("diamond", WATER, 10, True),
)  # fmt: skip

sluice = Register(
    "sluice", "闸站泵站", "Sluices and pumps", "hazard",
    (
        choice("kind", "类别", "Kind", (("sluice", "水闸", "Sluice"), ("pump", "泵站", "Pump station"),
               ("both", "闸泵站", "Sluice and pump")), required=True, listed=True),
        number("capacity_m3s", "设计流量", "Design flow", "m³/s", listed=True),
        text("manager", "管理单位", "Manager"),
        phone("duty_phone", "值班电话", "Duty phone"),
    ),
    look=Look("square", WATER, 12),
)  # fmt: skip

key_village = Register(
    "key_village", "重点村落", "Key villages", "hazard",
    (
        choices("reasons", "列入原因", "Why listed", (
            ("a", "临河低洼住房", "Houses low beside the channel"), ("b", "占河或涵上住房", "Houses in or over the channel"),
            ("c", "上游水库山塘", "Reservoir upstream"), ("d", "滑坡体或高边坡", "Landslide body or high slope"),
            ("e", "沟谷坡面径流", "Gully run-off"), ("f", "历史山洪", "Mountain flood in history")), required=True),
        integer("households", "户数", "Households", "户", listed=True),
        integer("persons", "人数", "Persons", "人", listed=True),
        text("stream", "溪流", "Stream", listed=True),
        text("gauges", "雨量站", "Gauges", listed=True),
        ref("transfer_post", "转移责任岗位", "Transfer post", "post"),
        text("route", "转移路线", "Route"),
        ref("shelter_code", "安置场所", "Shelter", "shelter"),
    ),
    look=Look("circle", VILLAGE, 10, True),
)  # fmt: skip

rain_threshold = Register(
    "rain_threshold", "雨量阈值", "Rainfall thresholds", "hazard",
    (
        text("object_register", "对象台账", "Register of the object", required=True, listed=True),
        text("object_code", "对象编码", "Code of the object", required=True, listed=True),
        integer("window_h", "时段", "Window", "h", least=1, required=True, listed=True),
        number("prepare_mm", "准备转移", "Prepare", "mm", required=True, listed=True),
        number("immediate_mm", "立即转移", "Immediate", "mm", required=True, listed=True),
        text("document", "依据文件", "Source document", required=True),
        text("approved_by", "批准岗位", "Approved by (post)"),
    ),
    None,
)  # fmt: skip

dilapidated_house = Register(
    "dilapidated_house", "危旧房", "Dilapidated houses", "hazard",
    (
        choice("grade", "危房等级", "Grade", (("c", "C 级", "Grade C"), ("d", "D 级", "Grade D"), ("other", "其他", "Other")),
               required=True, listed=True),
        text("structure", "结构", "Structure"),
        integer("occupants", "居住人数", "Occupants", "人", listed=True),
        ref("responsible_post", "责任岗位", "Responsible post", "post"),
        text("measures", "措施", "Measures"),
    ),
    look=Look("square", HOUSE, 13),
)  # fmt: skip

old_compound = Register(
    "old_compound", "老旧小区", "Old compounds", "hazard",
    (
        integer("built_year", "建成年份", "Year built", "年", least=1800, listed=True),
        integer("buildings", "楼幢数", "Buildings", "幢"),
        integer("households", "户数", "Households", "户", listed=True),
        yes_no("low_lying", "低洼", "Low-lying", listed=True),
        ref("responsible_post", "责任岗位", "Responsible post", "post"),
        text("measures", "措施", "Measures"),
    ),
    look=Look("circle", HOUSE, 12),
)  # fmt: skip

construction_site = Register(
    "construction_site", "在建工地", "Construction sites", "hazard",
    (
        text("builder", "施工单位", "Builder", listed=True),
        integer("workers", "工人数", "Workers", "人", listed=True),
        integer("dormitory_persons", "工棚住宿人数", "In dormitories", "人", listed=True),
        integer("cranes", "塔吊数", "Cranes", "台"),
        yes_no("deep_pit", "深基坑", "Deep pit"),
        ref("responsible_post", "责任岗位", "Responsible post", "post"),
        text("measures", "措施", "Measures"),
    ),
    look=Look("diamond", HOUSE, 12),
)  # fmt: skip

historical_disaster = Register(
    "historical_disaster", "历史灾害", "Historical disasters", "hazard",
    (
        choice("hazard", "灾种", "Hazard", HAZARDS, required=True, listed=True),
        date("happened_at", "发生日期", "Date", listed=True),
        integer("affected_persons", "受灾人口", "Affected", "人", listed=True),
        number("loss_wan", "直接经济损失", "Direct loss", "万元"),
        text("description", "经过", "What happened"),
    ),
    "GEOMETRY", geometry_required=False, look=Look("circle", "#9DB0C5", 12),
)  # fmt: skip

REGISTERS = (
    geohazard_zone, geohazard_point, cut_slope_house, slope_unit, waterlogging_point, underpass, river_reach, dyke,
    reservoir, sluice, key_village, rain_threshold, dilapidated_house, old_compound, construction_site,
    historical_disaster,
)  # fmt: skip
