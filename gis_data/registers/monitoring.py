"""Registers of what observes: gauges, sensors, cameras. Their readings belong to a world."""

from gis_data.registers.definition import Look, Register, Words, choice, date, integer, number, text, yes_no

SENSE = "#8FC1D9"
ELEMENTS: tuple[Words, ...] = (
    ("rain", "雨量", "Rain"), ("water_level", "水位", "Water level"), ("depth", "积水深度", "Depth"), ("wind", "风", "Wind"),
    ("wind_direction", "风向", "Wind direction"), ("temperature", "气温", "Temperature"), ("humidity", "相对湿度", "Humidity"),
)  # fmt: skip

gauge = Register(
    "gauge", "监测站", "Gauges", "monitoring",
    (
        choice("element", "要素", "Element", ELEMENTS, required=True, listed=True),
        text("unit", "读数单位", "Unit of readings", required=True, listed=True),
        text("vertical_datum", "高程基准", "Vertical datum"),
        number("zero_m", "零点高程", "Height of zero", "m", least=None),
        number("warning_level_m", "警戒水位", "Warning level", "m", least=None, listed=True),
        number("guarantee_level_m", "保证水位", "Guarantee level", "m", least=None),
        integer("interval_s", "上报间隔", "Interval", "s", least=1),
        text("owner", "管理单位", "Owner", listed=True),
        date("installed_at", "安装日期", "Installed"),
    ),
    look=Look("circle", SENSE, 10, True),
)  # fmt: skip

sensor = Register(
    "sensor", "感知设备", "Sensors", "monitoring",
    (
        choice("kind", "类别", "Kind", (("electric", "智慧电感", "Electric"), ("gas", "智慧气感", "Gas"),
               ("smoke", "智慧烟感", "Smoke"), ("other", "其他", "Other")), required=True, listed=True),
        text("address", "安装地址", "Address", listed=True), text("owner", "管理单位", "Owner"),
        date("installed_at", "安装日期", "Installed"),
    ),
    look=Look("circle", SENSE, 14),
)  # fmt: skip

camera = Register(
    "camera", "摄像机", "Cameras", "monitoring",
    (
        choice("kind", "用途", "Use", (("forest", "林区", "Forest"), ("road", "道路", "Road"), ("water", "水情", "Water"),
               ("city", "城市", "City")), required=True, listed=True),
        number("height_m", "架设高度", "Height", "m"), number("range_m", "可视距离", "Range", "m", listed=True),
        yes_no("ptz", "云台", "Pan-tilt"), text("owner", "管理单位", "Owner"), text("stream", "视频地址代号", "Stream name"),
    ),
    look=Look("triangle", SENSE, 12),
)  # fmt: skip

REGISTERS = (gauge, sensor, camera)
