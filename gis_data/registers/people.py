"""Registers of people at risk: pseudonymous households, persons with an encrypted identity block."""

from gis_data.registers.base import HAZARDS
from gis_data.registers.definition import Register, choice, choices, date, integer, ref, secret, text, yes_no

at_risk_household = Register(
    "at_risk_household", "受威胁户", "Households at risk", "people",
    (
        text("village", "村社", "Village", required=True, listed=True),
        choices("hazards", "灾种", "Hazards", HAZARDS, required=True, listed=True),
        text("object_register", "对象台账", "Register of the object", listed=True),
        text("object_code", "对象编码", "Code of the object", listed=True),
        integer("persons", "人数", "Persons", "人", least=1, required=True, listed=True),
        integer("elderly", "老人", "Elderly", "人"), integer("children", "儿童", "Children", "人"),
        integer("disabled", "残障", "Disabled", "人"), integer("pregnant", "孕妇", "Pregnant", "人"),
        ref("cadre_post", "包户岗位", "Cadre's post", "post", listed=True),
        text("route", "转移路线", "Route"),
        ref("shelter_code", "安置场所", "Shelter", "shelter", listed=True),
        date("card_issued_at", "明白卡发放", "Card issued"),
    ),
    personal=True,
)  # fmt: skip

at_risk_person = Register(
    "at_risk_person", "受威胁人员", "Persons at risk", "people",
    (
        ref("household_code", "户", "Household", "at_risk_household", required=True, listed=True),
        secret("identity", "姓名", "Name of the person"),
        secret("id_number", "身份证号", "Identity number"),
        secret("contact", "联系方式", "Contact"),
        choices("vulnerability", "弱势情形", "Vulnerability", (("elderly", "老人", "Elderly"), ("child", "儿童", "Child"),
                ("pregnant", "孕妇", "Pregnant"), ("disabled", "残障", "Disabled"), ("chronic", "慢病", "Chronic illness"),
                ("alone", "独居", "Living alone")), listed=True),
        text("mobility", "行动需求", "Mobility need"),
        choice("code_kind", "安全码形式", "Safety code", (("phone", "手机码", "Phone"), ("tag", "实体码牌", "Physical tag"),
               ("none", "无码", "None")), required=True, listed=True),
        yes_no("at_home", "在家", "At home"),
    ),
    None, personal=True,
)  # fmt: skip

REGISTERS = (at_risk_household, at_risk_person)
