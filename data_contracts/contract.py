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
    """The cell's value is in the code list. params: ``values``."""
    RANGE = "range"
    """min ≤ value ≤ max. params: ``min``, ``max`` (either may be left out); amounts in öre."""
    PATTERN = "pattern"
    """The whole text matches the regular expression. params: ``regex``."""
    NOT_PATTERN = "not_pattern"
    """The text nowhere matches the regular expression. params: ``regex``."""
    UNIQUE = "unique"
    """The columns together are unique in one return. params: ``columns``."""
    EQUAL = "equal"
    """Two columns are equal, or apart by at most the row's tolerance. params: ``other``, ``tolerance`` (a column, öre; may be left
    out: then exactly equal). Rows where either is missing are not compared."""
    SIGN = "sign"
    """The value is zero or has the expected sign. params: ``expected`` (a column with 1, −1 or 0 = either)."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule in neutral form.

    Attributes:
        code: stable code (E300–E899).
        table: the table's name in the contract.
        kind: what is asserted.
        column: the column judged.
        point: the column that findings point at, when another than ``column``.
        params: see ``RuleKind``.
        when: run only on rows where these text columns have these values, e.g. ``{"ska_forklaras": "ja"}``.
        severity, title, message, advice: Swedish; ``message`` may use the names in ``PLACEHOLDERS``.
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
    when: Mapping[str, str] = field(default_factory=dict)
    point: str = ""

    @property
    def place(self) -> str:
        """The column that findings point at."""
        return self.point or self.column


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
    decimals: int | None = None
    """Decimals of a column of ``antal`` that has its own, whatever the row's are."""


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

    A table with layout ``kontroll`` is no sheet: its rows are computed from the sheets (``transforms.control_rows``) so that rules
    across rows, sheets and the budget register can be stated as rules about rows.
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
    """One data contract: id, version, tables (sheets), controls (computed tables) and the rules of both."""

    id: str
    version: str
    title: str
    tables: tuple[Table, ...]
    rules: tuple[Rule, ...]
    controls: tuple[Table, ...] = ()

    def table(self, name: str) -> Table:
        """The table or control with that name; KeyError when there is none."""
        for table in (*self.tables, *self.controls):
            if table.name == name:
                return table
        raise KeyError(name)

    def rules_for(self, table: str) -> tuple[Rule, ...]:
        """The rules of one table, in the contract's order."""
        return tuple(rule for rule in self.rules if rule.table == table)


CONTROL = "kontroll"
"""The layout of tables that are computed, not sheets."""

_STATEMENTS = (
    "resultatrakning",
    "balansrakning",
    "kassaflode",
    "balanskrav",
    "noter",
    "fem_ar",
    "driftredovisning",
)
"""Tables of the bokslut whose rows stand in a form."""

COMPUTED_COLUMNS: dict[str, tuple[str, ...]] = {
    "drift": ("rad_slag", "enhet_hor_till", "kod_kand", "grupp_kand"),
    "drift_verksamhet": ("rad_slag", "enhet_hor_till", "kod_kand"),
    "investeringar": ("rad_slag", "enhet_hor_till", "kod_kand", "grupp_kand"),
    "volymer": ("rad_slag", "enhet_hor_till", "kod_kand"),
    "kommentarer": (
        "enhet_hor_till",
        "kod_kand",
        "klardatum_rimligt",
        "tecken",
        "orsak_ny",
        "orsak_personnummer",
        "atgard_personnummer",
    ),
    "indikatorer": (
        "enhet_hor_till",
        "kod_kand",
        "utfall_inom",
        "prognos_inom",
        "kvinnor_inom",
        "man_inom",
        "procent_rimlig",
        "vardear_angivet",
        "vardear_rimligt",
        "bedomning_motiverad",
        "kommentar_personnummer",
        "hamtas",
        "prognos_procent_rimlig",
    ),
    "aktiviteter": ("enhet_hor_till", "kod_kand", "fardig_stammer", "kommentar_personnummer"),
    "personal": ("rad_slag", "enhet_hor_till", "kod_kand"),
    "arsarbetare": ("rad_slag", "enhet_hor_till", "kod_kand"),
    "enkater": (
        "enhet_hor_till",
        "kod_kand",
        "utfall_inom",
        "svar_inom",
        "vardear_angivet",
        "vardear_rimligt",
        "kommentar_personnummer",
    ),
    "synpunkter": ("enhet_hor_till", "kod_kand", "kommentar_personnummer"),
    "texter": ("enhet_hor_till", "kod_kand", "text_personnummer"),
    "risker": (
        "enhet_hor_till",
        "kod_kand",
        "sannolikhet_giltig",
        "konsekvens_giltig",
        "bedomning_hel",
        "atgard_finns",
        "atgard_personnummer",
    ),
    "utforare": ("enhet_hor_till", "kod_kand", "vardear_angivet", "vardear_rimligt", "kommentar_personnummer"),
    "upphandlingar": ("rad_slag", "enhet_hor_till", "kod_kand", "avtalstid_rimlig", "benamning_personnummer"),
    "malbedomningar": (
        "enhet_hor_till",
        "kod_kand",
        "bedomning_motiverad",
        "motivering_personnummer",
        "atgard_personnummer",
    ),
    "start": ("datum_giltigt", "ny_sedan_forra"),
    "beslutad_budget": ("enhet_hor_till", "kod_kand", "nyckel_kand", "manader_finns"),
    "periodbudget": ("enhet_hor_till", "kod_kand", "manader_hela", "summa_stammer", "rad_manuell"),
    "anslagsforandringar": ("enhet_hor_till", "kod_kand", "budget_finns", "datum_rimligt"),
    "bokslut": ("enhet_hor_till", "kod_kand"),
    "saldon": ("manad_giltig", "ar_stammer", "entydig"),
    "prognoshistorik": ("enhet_hor_till", "ar_stammer", "manad_giltig", "entydig"),
    **dict.fromkeys(_STATEMENTS, ("enhet_hor_till", "kod_kand")),
    **dict.fromkeys(
        ("investeringsredovisning", "koncernuppgifter", "personalmatt", "bokslutsmal"), ("enhet_hor_till",)
    ),
    "bokslutsindikatorer": ("enhet_hor_till", "mal_kant"),
}
"""Text columns that ``transforms.preparation`` adds to a sheet's frame before the rules run: ja, nej or missing (not applicable);
``rad_slag``: mall (a row of the template) or fri (the sender's own)."""

PLACEHOLDERS = frozenset(
    {"varde", "jamfor", "kolumn", "enhet", "kod", "namn", "rad", "avser", "serie", "tabell", "blad"}
)
"""What a rule's message may name: the value found and what it is compared with, the column's header, and the row: its code, its name
(``namn``), and its name with its enhet's (``rad``). ``enhet`` is the enhet's name."""

_CODE = re.compile(r"E\d{3}")
_FIELD = re.compile(r"\{([^{}]*)\}")


def _properties(raw: Mapping[str, Any]) -> dict[str, Any]:
    """customProperties of an ODCS element as a dict."""
    return {item["property"]: item["value"] for item in raw.get("customProperties", ())}


def _column(raw: Mapping[str, Any], where: str) -> Column:
    props = _properties(raw)
    try:
        kind = ColumnKind(props["typ"])
    except (KeyError, ValueError) as error:
        raise ContractError(
            f"E001 {where}, kolumn {raw.get('name')}: typ saknas eller är okänd ({props.get('typ')!r})."
        ) from error
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
        decimals=int(props["decimaler"]) if "decimaler" in props else None,
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
    if (
        raw.get("type") != "custom"
        or raw.get("engine") != "rodatraden"
        or not isinstance(raw.get("implementation"), Mapping)
    ):
        raise ContractError(
            f"E001 {where}: type ska vara library, eller custom med engine: rodatraden och implementation."
        )
    return dict(raw["implementation"])


def _rule(raw: Mapping[str, Any], table: Table, default_column: str, where: str) -> Rule:
    props = _properties(raw)
    code = str(props.get("kod", ""))
    if not _CODE.fullmatch(code):
        raise ContractError(
            f"E001 {where}: regeln {raw.get('name')!r} saknar giltig kod (E och tre siffror), har {code!r}."
        )
    params = _implementation(raw, f"{where}, {code}")
    when = {str(name): str(value) for name, value in props.get("nar", {}).items()}
    try:
        kind = RuleKind(params.pop("rule"))
    except (KeyError, ValueError) as error:
        raise ContractError(f"E001 {where}, {code}: okänd regel.") from error
    column = str(props.get("kolumn", default_column))
    point = str(props.get("pekar_pa", ""))
    if "jamfor" in props:
        params["compare"] = props["jamfor"]
    named = {column, point or column, *when, *params.get("columns", ())}
    named |= {params[name] for name in ("other", "expected", "tolerance", "compare") if name in params}
    for name in sorted(named - _known_columns(table)):
        raise ContractError(
            f"E001 {where}, {code}: regeln nämner kolumnen {name!r}, som inte finns i tabellen {table.name!r}."
        )
    try:
        severity = Severity(raw["severity"])
    except (KeyError, ValueError) as error:
        raise ContractError(
            f"E001 {where}, {code}: severity ska vara stoppar, ska förklaras eller notering."
        ) from error
    for needed in ("atgard", "meddelande"):
        if not props.get(needed):
            raise ContractError(f"E001 {where}, {code}: {needed} saknas.")
    for name in sorted(set(_FIELD.findall(props["meddelande"])) - PLACEHOLDERS):
        raise ContractError(f"E001 {where}, {code}: meddelandet har det okända fältet {{{name}}}.")
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
        point=point,
    )


def _known_columns(table: Table) -> set[str]:
    """Columns that a rule may name: the contract's own and the computed ones."""
    return {column.name for column in table.columns} | set(COMPUTED_COLUMNS.get(table.name, ()))


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
        where = f"{source}, tabell {schema['name']}"
        table = _table(schema, where)
        tables.append(table)
        own: list[Rule] = [_rule(item, table, table.key[0], where) for item in schema.get("quality", ())]
        for prop in schema["properties"]:
            own.extend(_rule(item, table, prop["name"], where) for item in prop.get("quality", ()))
        if not own:
            raise ContractError(f"E001 {where}: tabellen har inga regler. Noll kontroller är aldrig godkänt.")
        rules.extend(own)
    _refuse_duplicates(rules, source)
    return Contract(
        id=raw["id"],
        version=raw["version"],
        title=raw.get("name", raw["id"]),
        tables=tuple(table for table in tables if table.layout != CONTROL),
        rules=tuple(rules),
        controls=tuple(table for table in tables if table.layout == CONTROL),
    )


def _table(schema: Mapping[str, Any], where: str) -> Table:
    """One table without its rules."""
    props = _properties(schema)
    key = [item for item in schema["properties"] if item.get("primaryKey")]
    key.sort(key=lambda item: item.get("primaryKeyPosition", 0))
    if not key:
        raise ContractError(f"E001 {where}: tabellen har ingen nyckel (primaryKey).")
    return Table(
        name=schema["name"],
        sheet=schema["physicalName"],
        title=schema.get("businessName", schema["physicalName"]),
        description=schema.get("description", ""),
        layout=props.get("layout", "nyckelrader"),
        columns=tuple(_column(item, where) for item in schema["properties"]),
        key=tuple(item["name"] for item in key),
        matt=props.get("matt", ""),
        key_row=int(props.get("nyckelrad", 0)),
        key_column=props.get("nyckelkolumn", "A"),
        free_rows=int(props.get("fria_rader", 0)),
        required=bool(props.get("obligatorisk", True)),
    )


def _refuse_duplicates(rules: Sequence[Rule], source: str) -> None:
    """A code may serve in several tables and columns, but with one title and one severity."""
    seen: dict[str, tuple[str, Severity]] = {}
    for rule in rules:
        title, severity = seen.setdefault(rule.code, (rule.title, rule.severity))
        if title != rule.title:
            raise ContractError(f"E001 {source}: koden {rule.code} används för både {title!r} och {rule.title!r}.")
        if severity is not rule.severity:
            raise ContractError(f"E001 {source}: koden {rule.code} är både {severity.value} och {rule.severity.value}.")
