"""All registers (台账), by key: the one place that says what a bureau knows and in which words."""

from gis_data.registers import base, danger, forest, hazards, monitoring, people, resources
from gis_data.registers.definition import COMMON, Field, Look, Register

__all__ = ["COMMON", "GROUPS", "REGISTERS", "Field", "Look", "Register"]

GROUPS: dict[str, tuple[str, str]] = {
    "base": ("基础", "Base"),
    "hazard": ("自然灾害", "Natural hazards"),
    "forest": ("森林防火", "Forest fire"),
    "danger": ("危险源与防护目标", "Danger and targets"),
    "resource": ("救援资源", "Resources"),
    "monitoring": ("监测", "Monitoring"),
    "people": ("受威胁人员", "People at risk"),
}
"""Group → its title, in the order of the desk."""

REGISTERS: dict[str, Register] = {
    register.key: register
    for module in (base, hazards, forest, danger, resources, monitoring, people)
    for register in module.REGISTERS
}
"""Key, which is also the table's name in schema `gis` → definition."""
