"""A data contract in memory: tables, columns and rules, read from Open Data Contract Standard 3.1 YAML.

``parse_contract`` takes the parsed YAML as plain dicts and lists (reading the file is the adapter's work) and refuses at once what
could later pass in silence: a rule that names an unknown column, an unknown rule kind, a code used twice, a table without rules.

Between the YAML and the engine stands ``Rule``, the neutral form: *what* is asserted, in no engine's words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from data_contracts.findings import Severity


class ContractError(ValueError):
    """The contract itself is wrong (E001). The message is Swedish and names file, table and rule."""


class ColumnKind(StrEnum):
    """How a column's cells are read."""

    KOD = "kod"
    TEXT = "text"
    BELOPP = "belopp"
    ANTAL = "antal"
    DATUM = "datum"


class RuleKind(StrEnum):
    """The neutral rules. Each is one assertion about rows or cells of one table."""

    REQUIRED = "required"
    """The cell holds a value. params: none."""
    ALLOWED = "allowed"
    """The cell's value is in the code list. params: ``values`` (list) or ``list`` (a list given at run time)."""
    RANGE = "range"
    """min ≤ value ≤ max. params: ``min``, ``max`` (either may be left out); amounts in öre."""
    PATTERN = "pattern"
    """The whole text matches the regular expression. params: ``regex``."""
    NOT_PATTERN = "not_pattern"
    """The text nowhere matches the regular expression. params: ``regex``."""
    UNIQUE = "unique"
    """The columns together are unique in one return. params: ``columns``."""
    EQUAL = "equal"
    """Two columns are equal within a tolerance. params: ``other``, ``tolerance_ore``. The other may be computed beforehand."""
    SIGN = "sign"
    """The value has the sign that the row kind demands. params: ``expected`` (name of the column with 1, −1 or 0 = either)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule in neutral form.

    Attributes:
        code: stable code (E300–E899).
        table: the table's name in the contract.
        kind: what is asserted.
        column: the column judged (and pointed at in findings).
        params: see ``RuleKind``.
        when: run only on rows where these columns have these values, e.g. ``{"forklaras": True}``.
        severity, title, message, advice: Swedish; ``message`` may use {varde}, {kolumn}, {enhet}, {kod}, {jamfor}.
        dimension: ODCS quality dimension.
    """

    code: str
    table: str
    kind: RuleKind
    column: str
    severity: Severity
    title: str
    message: str
    advice: str
    dimension: str
    params: Mapping[str, Any] = field(default_factory=dict)
    when: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet. ``name`` is the key in the hidden key row; ``header`` is what people read."""

    name: str
    header: str
    kind: ColumnKind
    description: str
    required: bool = False
    serie: str = ""
    """For amounts: which serie of figures the column fills (budget, periodbudget, utfall, …); empty for others."""
    origin: str = "forvaltning"
    """Who fills it: ``forvaltning`` (unlocked), ``register`` (prefilled from the budget register, locked), ``mall`` (written by
    the template, locked)."""
    values: tuple[str, ...] = ()
    """Fixed code list, empty when any value goes or the list is given at run time (see ``value_list``)."""
    value_list: str = ""
    """Name of a code list given at run time from the kommun's configuration: enheter, summarader, …"""
    width: int = 14


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the contract = one sheet of the workbook.

    Attributes:
        name: logical name (``drift``); sheet: the sheet's name (physicalName).
        layout: ``nyckelrader`` (rows with a key, columns with a key) or ``formular`` (label and value, key in the hidden column).
        key: columns that together identify a row.
        matt: the mått whose figures the table holds; empty when it holds none.
        key_row, key_column: where the hidden keys stand (row number; column letter).
        free_rows: how many unlocked rows, for the sender's own codes, the template adds per enhet.
    """

    name: str
    sheet: str
    title: str
    description: str
    layout: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    matt: str = ""
    key_row: int = 0
    key_column: str = "A"
    free_rows: int = 0
    required: bool = True

    def column(self, name: str) -> Column:
        """The column with that key; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def amount_columns(self) -> tuple[Column, ...]:
        """Columns that hold figures (belopp or antal with a serie)."""
        return tuple(column for column in self.columns if column.serie)


@dataclass(frozen=True, slots=True)
class Contract:
    """One data contract: id, version, tables and rules."""

    id: str
    version: str
    title: str
    tables: tuple[Table, ...]
    rules: tuple[Rule, ...]

    def table(self, name: str) -> Table:
        """The table with that name; KeyError when there is none."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(name)

    def rules_for(self, table: str) -> tuple[Rule, ...]:
        """The rules of one table, in the contract's order."""
        return tuple(rule for rule in self.rules if rule.table == table)


COMPUTED_COLUMNS = {
    "drift": (
        "rad_typ", "tecken_vantat", "beraknad_summa", "registrets_budget", "kvot_mot_budget", "avvikelse_ska_forklaras",
        "forklaring",
    ),
    "drift_verksamhet": ("beraknad_summa",),
    "investeringar": ("rad_typ", "beraknad_summa", "registrets_budget", "kvot_mot_budget", "avvikelse_ska_forklaras", "forklaring"),
    "volymer": (),
    "kommentarer": (),
    "start": ("vantat_varde",),
    "beslutad_budget": (),
    "anslagsforandringar": (),
    "bokslut": (),
}
"""Columns that ``transforms.preparation`` adds to a table before the rules run; rules may name them."""

_CODE = re.compile(r"E\d{3}")


def _properties(raw: Mapping[str, Any]) -> dict[str, Any]:
    """customProperties of an ODCS element as a dict."""
    return {item["property"]: item["value"] for item in raw.get("customProperties", ())}


def _column(raw: Mapping[str, Any], where: str) -> Column:
    props = _properties(raw)
    try:
        kind = ColumnKind(props["typ"])
    except (KeyError, ValueError) as error:
        raise ContractError(f"E001 {where}, kolumn {raw.get('name')}: typ saknas eller är okänd ({props.get('typ')!r}).") from error
    return Column(
        name=raw["name"],
        header=raw.get("businessName", raw["name"]),
        kind=kind,
        description=raw.get("description", ""),
        required=bool(raw.get("required", False)),
        serie=props.get("serie", ""),
        origin=props.get("ifylls_av", "forvaltning"),
        values=tuple(props.get("varden", ())),
        value_list=props.get("vardelista", ""),
        width=int(props.get("bredd", 14)),
    )


def _implementation(raw: Mapping[str, Any], where: str) -> dict[str, Any]:
    """The rule's kind and params, from the standard's own metrics (``type: library``) or ours (``engine: rodatraden``)."""
    if raw.get("type", "library") == "library":
        metric, arguments = raw.get("metric"), dict(raw.get("arguments", {}))
        if raw.get("mustBe") != 0:
            raise ContractError(f"E001 {where}: en regel med metric ska ha mustBe: 0.")
        if metric == "nullValues":
            return {"rule": "required"}
        if metric == "duplicateValues":
            return {"rule": "unique", "columns": list(arguments["properties"])}
        if metric == "invalidValues" and "validValues" in arguments:
            return {"rule": "allowed", "values": list(arguments["validValues"])}
        if metric == "invalidValues" and "pattern" in arguments:
            return {"rule": "pattern", "regex": arguments["pattern"]}
        raise ContractError(f"E001 {where}: okänd metric {metric!r} eller okända argument.")
    if raw.get("type") != "custom" or raw.get("engine") != "rodatraden" or not isinstance(raw.get("implementation"), Mapping):
        raise ContractError(f"E001 {where}: type ska vara library, eller custom med engine: rodatraden och implementation.")
    return dict(raw["implementation"])


def _rule(raw: Mapping[str, Any], table: Table, default_column: str, where: str) -> Rule:
    props = _properties(raw)
    code = str(props.get("kod", ""))
    if not _CODE.fullmatch(code):
        raise ContractError(f"E001 {where}: regeln {raw.get('name')!r} saknar giltig kod (E och tre siffror), har {code!r}.")
    params = _implementation(raw, f"{where}, {code}")
    when = dict(props.get("nar", {}))
    try:
        kind = RuleKind(params.pop("rule"))
    except (KeyError, ValueError) as error:
        raise ContractError(f"E001 {where}, {code}: okänd regel.") from error
    column = str(params.pop("column", default_column))
    known = {c.name for c in table.columns} | set(COMPUTED_COLUMNS.get(table.name, ()))
    named = {column, *when, *params.get("columns", ())}
    named |= {params[name] for name in ("other", "expected") if name in params}
    for name in sorted(named - known):
        raise ContractError(f"E001 {where}, {code}: regeln nämner kolumnen {name!r}, som inte finns i tabellen {table.name!r}.")
    try:
        severity = Severity(raw["severity"])
    except (KeyError, ValueError) as error:
        raise ContractError(f"E001 {where}, {code}: severity ska vara stoppar, ska förklaras eller notering.") from error
    for needed in ("atgard", "meddelande"):
        if not props.get(needed):
            raise ContractError(f"E001 {where}, {code}: {needed} saknas.")
    return Rule(
        code=code,
        table=table.name,
        kind=kind,
        column=column,
        severity=severity,
        title=raw["name"],
        message=props["meddelande"],
        advice=props["atgard"],
        dimension=raw.get("dimension", ""),
        params=params,
        when=when,
    )


def parse_contract(raw: Mapping[str, Any], source: str) -> Contract:
    """A contract from parsed ODCS YAML.

    Args:
        raw: the YAML as dicts and lists.
        source: file name, for messages.
    Raises:
        ContractError: E001 with file, table and rule, when anything in it could make a check pass in silence.
    """
    tables: list[Table] = []
    rules: list[Rule] = []
    for schema in raw["schema"]:
        props = _properties(schema)
        where = f"{source}, tabell {schema['name']}"
        columns = tuple(_column(item, where) for item in schema["properties"])
        key = [item for item in schema["properties"] if item.get("primaryKey")]
        key.sort(key=lambda item: item.get("primaryKeyPosition", 0))
        table = Table(
            name=schema["name"],
            sheet=schema["physicalName"],
            title=schema.get("businessName", schema["physicalName"]),
            description=schema.get("description", ""),
            layout=props.get("layout", "nyckelrader"),
            columns=columns,
            key=tuple(item["name"] for item in key),
            matt=props.get("matt", ""),
            key_row=int(props.get("nyckelrad", 0)),
            key_column=props.get("nyckelkolumn", "A"),
            free_rows=int(props.get("fria_rader", 0)),
            required=bool(props.get("obligatorisk", True)),
        )
        if not table.key:
            raise ContractError(f"E001 {where}: tabellen har ingen nyckel (primaryKey).")
        tables.append(table)
        own: list[Rule] = [_rule(item, table, table.key[0], where) for item in schema.get("quality", ())]
        for prop in schema["properties"]:
            own.extend(_rule(item, table, prop["name"], where) for item in prop.get("quality", ()))
        if not own:
            raise ContractError(f"E001 {where}: tabellen har inga regler. Noll kontroller är aldrig godkänt.")
        rules.extend(own)
    _refuse_duplicates(rules, source)
    return Contract(id=raw["id"], version=raw["version"], title=raw.get("name", raw["id"]), tables=tuple(tables), rules=tuple(rules))


def _refuse_duplicates(rules: Sequence[Rule], source: str) -> None:
    """A code may serve the same title in several tables and columns, but never two different titles."""
    titles: dict[str, str] = {}
    for rule in rules:
        if titles.setdefault(rule.code, rule.title) != rule.title:
            raise ContractError(f"E001 {source}: koden {rule.code} används för både {titles[rule.code]!r} och {rule.title!r}.")
