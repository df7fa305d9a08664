"""Registers of the frame: units, organisations, posts, who answers for what, code lists, parameters."""

from gis_data.registers.definition import (
    Look,
    Register,
    choice,
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

LEVELS = (
    ("city", "市", "City"),
    ("district", "区", "District"),
    ("town", "镇街", "Town"),
    ("village", "村社", "Village"),
    ("grid", "网格", "Grid"),
)
LINK_LEVELS = (
    ("district", "区领导", "District leader"),
    ("town", "镇街领导", "Town leader"),
    ("village", "村社干部", "Village cadre"),
    ("household", "户", "Household"),
)
HAZARDS = (
    ("flood", "防汛", "Flood"),
    ("city_fire", "城市火灾", "City fire"),
    ("forest_fire", "森林火灾", "Forest fire"),
    ("geohazard", "地质灾害", "Geological hazard"),
    ("other", "其他", "Other"),
)

admin_unit = Register(
    "admin_unit", "行政区划", "Administrative units", "base",
    (
        text("name_en", "英文名", "English name", required=True, listed=True),
        choice("level", "层级", "Level", LEVELS, required=True, listed=True),
        text("parent_code", "上级代码", "Parent code"),
        text("governing_authority", "管辖机关", "Governing authority", required=True),
        yes_no("in_scope", "本局管辖", "In the bureau's scope", required=True, listed=True),
        integer("population", "常住人口", "Residents", "人"),
        integer("households", "户数", "Households", "户"),
    ),
    "MULTIPOLYGON",
)  # fmt: skip

organization = Register(
    "organization", "组织机构", "Organisations", "base",
    (
        texts("aliases", "曾用名、简称", "Aliases"),
        choice(
            "kind", "类别", "Kind",
            (
                ("headquarters", "指挥部", "Headquarters"), ("bureau", "应急管理局", "Emergency bureau"),
                ("committee", "专业委员会", "Committee"), ("member_unit", "成员单位", "Member unit"),
                ("town", "镇街", "Town"), ("village", "村社", "Village"), ("team", "队伍", "Team"),
                ("enterprise", "企业", "Enterprise"), ("other", "其他", "Other"),
            ),
            required=True, listed=True,
        ),
        ref("parent_code", "上级机构", "Parent", "organization"),
        phone("duty_phone", "值班电话", "Duty phone"),
        date("since", "设立日期", "Since"),
        date("until", "撤销日期", "Until"),
    ),
    None,
)  # fmt: skip

post = Register(
    "post", "岗位", "Posts", "base",
    (
        ref("organization_code", "所属机构", "Organisation", "organization", required=True, listed=True),
        choice("level", "层级", "Level", LEVELS, required=True, listed=True),
        phone(),
        ref("deputy_code", "替补岗位", "Deputy post", "post"),
        text("duties", "职责", "Duties"),
    ),
    None,
)  # fmt: skip

post_holder = Register(
    "post_holder", "岗位人员", "Post holders", "base",
    (
        ref("post_code", "岗位", "Post", "post", required=True, listed=True),
        secret("holder", "姓名", "Holder"),
        secret("holder_phone", "手机", "Mobile phone"),
        date("trained_at", "最近培训", "Last trained", listed=True),
        date("since", "到岗日期", "Since"),
        date("until", "离岗日期", "Until"),
        yes_no("on_leave", "请假", "On leave", listed=True),
    ),
    None, personal=True,
)  # fmt: skip

responsibility_link = Register(
    "responsibility_link", "责任关系", "Responsibility links", "base",
    (
        choice("level", "层级", "Level", LINK_LEVELS, required=True, listed=True),
        ref("post_code", "责任岗位", "Responsible post", "post", required=True, listed=True),
        ref("superior_code", "上级岗位", "Superior post", "post", listed=True),
        text("object_register", "对象台账", "Register of the object", required=True, listed=True),
        text("object_code", "对象编码", "Code of the object", required=True, listed=True),
        choice("hazard", "灾种", "Hazard", HAZARDS),
        date("until", "有效至", "Until"),
    ),
    None,
)  # fmt: skip

code_list = Register(
    "code_list", "代码表", "Code lists", "base",
    (text("edition", "版本", "Edition", required=True, listed=True), text("document", "来源文件", "Source document")),
    None,
)  # fmt: skip

code_item = Register(
    "code_item", "代码项", "Code items", "base",
    (
        ref("list_code", "代码表", "Code list", "code_list", required=True, listed=True),
        text("item", "代码", "Item code", required=True, listed=True),
        text("name_en", "英文名", "English name"),
        text("parent_item", "上级代码", "Parent item"),
        text("edition", "版本", "Edition", listed=True),
        date("until", "停用日期", "Until"),
    ),
    None,
)  # fmt: skip

parameter = Register(
    "parameter", "参数", "Parameters", "base",
    (
        text("key", "参数键", "Key", required=True, listed=True, pattern=r"[a-z][a-z0-9_.\[\], :…*-]*"),
        text("value", "取值", "Value", required=True, listed=True),
        text("unit", "单位", "Unit", listed=True),
        choice("hazard", "灾种", "Hazard", HAZARDS),
        text("document", "依据文件", "Source document", required=True, listed=True),
        text("clause", "条款", "Clause"),
        text("approved_by", "批准岗位", "Approved by (post)", required=True),
        date("in_force_from", "生效日期", "In force from", listed=True),
        date("in_force_to", "失效日期", "In force to"),
    ),
    None,
)  # fmt: skip

command_post = Register(
    "command_post", "指挥所", "Command posts", "base",
    (
        ref("organization_code", "所属机构", "Organisation", "organization"),
        phone("duty_phone", "值班电话", "Duty phone"),
        integer("seats", "席位", "Seats", "个"),
        number("effective_area_m2", "使用面积", "Area", "m²"),
    ),
    look=Look("square", "#C9D6E4", 11),
)  # fmt: skip

REGISTERS = (
    admin_unit, organization, post, post_holder, responsibility_link, code_list, code_item, parameter, command_post,
)  # fmt: skip
