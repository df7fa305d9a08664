"""Code lists, and parameters as in the handbook's registry (section 8), all with DEMO values."""

from __future__ import annotations

from datetime import date

import pandas as pd

from gis_data.demo.registers.sites import plain

EDITION = "DEMO 2026"
_DOCUMENT, _APPROVER, _FROM = "演示参数说明 (DEMO)", "演示总指挥岗", date(2026, 4, 1)
SECTORS: tuple[tuple[str, str, str], ...] = (
    ("road", "道路运输", "Road transport"), ("water", "涉水涉渔", "Water and fishing"),
    ("chemical", "危险化学品", "Hazardous chemicals"),
    ("construction", "建设施工", "Construction"), ("industry", "工矿", "Industry and mining"),
    ("tourism", "旅游", "Tourism"),
    ("city", "城市运行", "City operation"), ("fire", "消防", "Fire"), ("demo9", "演示领域九", "Demo sector nine"),
    ("demo10", "演示领域十", "Demo sector ten"),
)  # fmt: skip
"""The ten key sectors; the last two stand for those that the bureau has yet to name."""
_LISTS: tuple[tuple[str, str, tuple[tuple[str, str, str], ...]], ...] = (
    ("SECTOR", "十大重点行业领域", SECTORS),
    ("FIVE", "五色图等级",
        (("red", "红", "Red"), ("orange", "橙", "Orange"), ("yellow", "黄", "Yellow"), ("blue", "蓝", "Blue"),
                         ("green", "绿", "Green"))),
    ("EVENT", "突发事件大类", (("nature", "自然灾害", "Natural disaster"), ("accident", "事故灾难", "Accident"),
                           ("health", "公共卫生事件", "Public health"),
                           ("security", "社会安全事件", "Social security"))),
    ("DANGER", "隐患等级", (("general", "一般", "General"), ("major", "重大", "Major"))),
    ("INDEX", "管控力指数方面", (("fire", "消防安全", "Fire safety"), ("enforcement", "监管执法", "Enforcement"),
                            ("campaign", "专项行动", "Campaigns"),
                            ("prevention", "安全事故防控", "Accident prevention"),
                            ("demo5", "演示方面五", "Demo aspect five"), ("demo6", "演示方面六", "Demo aspect six"),
                            ("demo7", "演示方面七", "Demo aspect seven"),
                            ("demo8", "演示方面八", "Demo aspect eight"))),
    ("THREE", "三场所三企业类别",
        tuple((f"demo{i}", f"演示类别{c}", f"Demo class {i}") for i, c in enumerate("一二三四五六", 1))),
    ("SUPPLY", "救灾物资大类", (("DEMO-living", "生活类", "Living goods"), ("DEMO-rescue", "救援类", "Rescue goods"),
                           ("DEMO-forest", "森林防火类", "Forest-fire goods"), ("DEMO-other", "其他", "Other"))),
    ("CHANNEL", "叫应渠道",
        (("phone", "电话", "Phone"), ("deputy", "替补岗位", "Deputy"), ("loudspeaker", "广播", "Loudspeaker"),
                         ("gong", "敲锣", "Gong"), ("whistle", "吹哨", "Whistle"), ("visit", "上门", "Visit"))),
)  # fmt: skip
_WADING = (
    ("car", "小客车", "15"), ("pickup", "皮卡", "30"), ("fire_engine", "消防车", "40"),
    ("pump_truck", "大型排涝泵车", "60"), ("ambulance", "救护车", "25"), ("bus", "运兵车", "25"),
    ("boat_trailer", "拖艇车", "40"),
)  # fmt: skip
_PARAMETERS: tuple[tuple[str, str, str, str, str | None], ...] = (
    ("admin.in_scope", "本局管辖镇街数", "11", "个", None),
    ("flood.trigger.rain_3h_mm", "防汛Ⅳ级触发: 3 小时雨量", "60", "mm", "flood"),
    ("flood.trigger.rain_6h_mm", "防汛Ⅲ级触发: 6 小时雨量", "100", "mm", "flood"),
    ("flood.trigger.points", "防汛Ⅲ级触发: 封控点数", "5", "处", "flood"),
    ("typhoon.trigger.hours", "防台Ⅳ级触发: 预计影响时间", "48", "h", "flood"),
    ("typhoon.trigger.gust", "防台Ⅲ级触发: 阵风", "10", "级", "flood"),
    ("geo.trigger.orange_zones", "地灾Ⅳ级触发: 橙色防范区数", "3", "处", "geohazard"),
    ("geo.action.yellow", "地灾黄色动作", "巡查, 通知责任岗位", "", "geohazard"),
    ("geo.action.orange", "地灾橙色动作", "加密巡查, 重点防范区准备转移", "", "geohazard"),
    ("geo.action.red", "地灾红色动作", "受威胁人员全部转移", "", "geohazard"),
    ("forest.trigger.hours", "森防Ⅳ级触发: 明火持续时间", "2", "h", "forest_fire"),
    ("forest.watch_hours", "明火扑灭后看守时间", "24", "h", "forest_fire"),
    ("relief.trigger.persons", "救助Ⅳ级触发: 转移安置人数", "500", "人", "other"),
    ("signal.threshold.rainstorm_blue", "暴雨蓝色: 12 小时雨量", "50", "mm", "flood"),
    ("signal.threshold.rainstorm_yellow", "暴雨黄色: 6 小时雨量", "50", "mm", "flood"),
    ("signal.threshold.rainstorm_orange", "暴雨橙色: 3 小时雨量", "50", "mm", "flood"),
    ("signal.threshold.rainstorm_red", "暴雨红色: 3 小时雨量", "100", "mm", "flood"),
    ("gauge.stale_minutes", "监测站静默时限", "30", "min", None),
    ("underpass.close_depth_cm", "下穿通道封控水深", "27", "cm", "flood"),
    ("road.depth_bands", "道路积水分级", "15/27/40", "cm", "flood"),
    ("vehicle.wading_cm", "车辆涉水深度", "40", "cm", "flood"),
    *((f"vehicle.wading_cm[{kind}]", f"车辆涉水深度: {name}", depth, "cm", "flood") for kind, name, depth in _WADING),
    ("report.first_minutes", "首报时限", "30", "min", None),
    ("report.written_minutes", "书面报告时限", "60", "min", None),
    ("report.levels", "每级报送时限", "120", "min", None),
    ("callout.retry_minutes", "叫应重试间隔", "5", "min", None),
    ("callout.channels", "叫应渠道顺序", "phone,deputy,loudspeaker,visit", "", None),
    ("shelter.per_capita[indoor, overnight]", "人均面积: 室内过夜", "3.0", "m²", None),
    ("shelter.per_capita[outdoor, emergency]", "人均面积: 室外紧急", "1.0", "m²", None),
    ("shelter.service_distance[town]", "服务距离: 镇街级", "1000", "m", None),
    ("shelter.service_distance[county]", "服务距离: 区级", "1500", "m", None),
    ("shelter.near_full", "接近满员比例", "0.9", "", None),
    ("shelter.appraisal_years", "安全鉴定周期", "3", "年", None),
    ("walk.speed[ordinary]", "步行速度: 一般人群", "1.2", "m/s", None),
    ("walk.speed[vulnerable]", "步行速度: 弱势人群", "0.8", "m/s", None),
    ("drive.speed[urban]", "行车速度: 城区", "30", "km/h", None),
    ("fivecolour.scheme", "五色图方案", "DEMO 等距五档", "", None),
    ("index.scheme", "管控力指数方案", "DEMO 八方面等权", "", None),
    ("reminder.deadline", "工作提醒时限", "09:00", "", None),
    ("exposure.min_sectors_per_day", "每日曝光最少领域", "2", "个", None),
    ("danger.days", "隐患整改期限", "30", "天", None),
    ("danger.day0_rule", "整改起算规则", "发现日为第 0 日", "", None),
    ("promise.deadline", "安全风险日承诺时限", "10:00", "", None),
    ("census.reference_time", "普查标准时点", "2020-12-31", "", None),
    ("census.area_tolerance", "面积允许误差", "10", "%", None),
    ("census.duplicate_distance", "疑似重复距离", "30", "m", None),
    ("census.error_rate_limit", "抽查差错率上限", "5", "%", None),
    ("privacy.retention_days", "个人信息保存天数", "180", "天", None),
    ("firesource.season", "森林防火期", "11-01…04-30", "", "forest_fire"),
    ("rainday.start_hour", "雨日起始时刻", "8", "时", "flood"),
)  # fmt: skip
"""Key, name, value, unit, hazard."""


def code_lists() -> pd.DataFrame:
    """Rows of `code_list`."""
    return plain(
        {
            "code": [f"DEMO-L-{key}" for key, *_ in _LISTS],
            "name": [f"{name}(演示)" for _, name, _ in _LISTS],
            "edition": EDITION,
            "document": _DOCUMENT,
        }
    )


def code_items() -> pd.DataFrame:
    """Rows of `code_item`."""
    rows = [(key, *item) for key, _, items in _LISTS for item in items]
    return plain(
        {
            "code": [f"DEMO-L-{key}-{item}" for key, item, *_ in rows],
            "name": [row[2] for row in rows],
            "list_code": [f"DEMO-L-{row[0]}" for row in rows],
            "item": [row[1] for row in rows],
            "name_en": [row[3] for row in rows],
            "edition": EDITION,
        }
    )


def parameters() -> pd.DataFrame:
    """Rows of `parameter`, all in force from 1 April 2026."""
    return plain(
        {
            "code": [f"DEMO-PA{i:03d}" for i in range(1, len(_PARAMETERS) + 1)],
            "name": [row[1] for row in _PARAMETERS],
            "key": [row[0] for row in _PARAMETERS],
            "value": [row[2] for row in _PARAMETERS],
            "unit": [row[3] or None for row in _PARAMETERS],
            "hazard": [row[4] for row in _PARAMETERS],
            "document": _DOCUMENT,
            "clause": [f"第 {i} 条" for i in range(1, len(_PARAMETERS) + 1)],
            "approved_by": _APPROVER,
            "in_force_from": _FROM,
        }
    )


def approved(rows: pd.DataFrame) -> pd.DataFrame:
    """Thresholds with the document and the post that stand behind them."""
    return rows.assign(document="演示阈值说明 (DEMO)", approved_by=_APPROVER)
