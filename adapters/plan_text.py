"""A målplan as the text of its YAML file."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from io import StringIO
from typing import Any

from ruamel.yaml import YAML

from data_contracts.malplan import Malplan


def plan_text(plan: Malplan) -> str:
    """A målplan as the text of ``malplan/ÅÅÅÅ.yaml``; what is left to its default is left out."""
    said = {"schema_version": 1, **plan.model_dump(mode="python", exclude_defaults=True)}
    stream = StringIO()
    yaml: Any = YAML(typ="safe", pure=True)
    yaml.default_flow_style, yaml.allow_unicode, yaml.width, yaml.sort_base_mapping_type_on_output = (
        False,
        True,
        140,
        False,
    )
    yaml.dump(_yaml_value(said), stream)
    return f"# {plan.namn}. Skriven av rodatraden las-malplan.\n{stream.getvalue()}"


def _yaml_value(value: Any) -> Any:
    """Plain values: numbers as numbers, words as text, days as days."""
    match value:
        case dict():
            return {_yaml_value(key): _yaml_value(item) for key, item in value.items()}
        case list() | tuple():
            return [_yaml_value(item) for item in value]
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case StrEnum():
            return value.value
        case _:
            return value
