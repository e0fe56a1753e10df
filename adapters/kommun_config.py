"""Reads ``kommun.yaml``; every problem at once, in Swedish, with file, line and field.

ruamel.yaml knows the line of each value, pydantic (``data_contracts.kommun``) what is allowed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from data_contracts.blankett import Blankett
from data_contracts.kommun import Kommun
from data_contracts.malbedomning import Malbedomningar
from data_contracts.malkallor import link_faults, provider_faults, source_faults, unknown_enheter
from data_contracts.malplan import Malplan
from data_contracts.modell import SammanhangsFel

MALPLAN = "malplan"
BLANKETTER = "blanketter"
"""The folder beside kommun.yaml with a målplan per year."""

Loc = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Konfigurationsproblem:
    """One thing wrong in a configuration file.

    Attributes:
        fil: the file's name; rad: line from 1, or None when the file has none; falt: ``enheter[2].finansiering``, or '' for the whole.
        text: what is wrong and what to do, in Swedish, whole sentences.
    """

    fil: str
    rad: int | None
    falt: str
    text: str

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.fil, f"rad {self.rad}" if self.rad else "", self.falt) if part)
        return f"{place}: {self.text}"


class KonfigurationsFel(ValueError):
    """E010: the kommun's configuration cannot be used. ``problem`` holds everything that is wrong, in the order of the file."""

    code = "E010"

    def __init__(self, problem: tuple[Konfigurationsproblem, ...]) -> None:
        super().__init__("\n".join(f"E010 {ett}" for ett in problem))
        self.problem = problem


def load_kommun(path: Path) -> Kommun:
    """The kommun that a ``kommun.yaml`` describes, with the målplaner in the folder beside it.

    Raises:
        KonfigurationsFel: E010, a file is missing, is not YAML, or has something the model refuses: all of it at once.
    """
    kommun = load_model(path, Kommun)
    found = [(file, load_model(file, Malplan)) for file in malplan_files(path)]
    problem = [
        Konfigurationsproblem(f"{MALPLAN}/{file.name}", None, "ar", text)
        for file, plan in found
        for text in _misplaced(file, plan, kommun)
    ]
    goals = frozenset(mal.kod for _, plan in found for mal in plan.mal)
    problem += _faults_of_links(path, found, kommun, goals)
    assessed = [(file, load_model(file, Malbedomningar)) for file in assessment_files(path)]
    problem += [
        Konfigurationsproblem(
            f"{MALPLAN}/{file.name}", None, f"bedomningar[{place}].mal", f"Målet {item.mal} finns inte."
        )
        for file, part in assessed
        for place, item in enumerate(part.bedomningar, start=1)
        if item.mal not in goals
    ]
    earlier = [(file, load_model(file, Malplan)) for file in earlier_plan_files(path)]
    problem += [
        Konfigurationsproblem(f"{MALPLAN}/{file.name}", None, "version", _unlike_its_name(plan))
        for file, plan in earlier
        if file.stem != f"{plan.ar}-v{plan.version}" or plan.beslut is None
    ]
    if problem:
        raise KonfigurationsFel(tuple(problem))
    own = tuple(item for _, part in assessed for item in part.bedomningar)
    plans = tuple(plan for _, plan in found)
    before = tuple(plan for _, plan in earlier)
    update = {"malplaner": plans, "malbedomningar": own, "tidigare_malplaner": before}
    return kommun.model_copy(update=update) if found else kommun


def _unlike_its_name(plan: Malplan) -> str:
    return (
        f"Filen ska heta {plan.ar}-v{plan.version}.yaml och ha ett beslut: den är planen för {plan.ar}, version {plan.version}, "
        "som den beslutades."
    )


def _faults_of_links(
    path: Path, found: list[tuple[Path, Malplan]], kommun: Kommun, goals: frozenset[str]
) -> list[Konfigurationsproblem]:
    """Sources that the målplaner name and kommun.yaml lacks, and goals that kommun.yaml names and no målplan has."""
    faults = [
        (file, f"{MALPLAN}/{file.name}", loc, text) for file, plan in found for loc, text in source_faults(plan, kommun)
    ]
    faults += [(path, path.name, loc, text) for loc, text in link_faults(kommun, goals)]
    faults += [(path, path.name, loc, text) for loc, text in provider_faults(kommun, [plan for _, plan in found])]
    lines = {file: dict(_lines(_parse(file)[0], ())) for file, _, _, _ in faults}
    return [
        Konfigurationsproblem(
            name, _nearest_line(lines[file], loc), _field(loc), f"{_sentence(text)} Rätta koden här eller där."
        )
        for file, name, loc, text in faults
    ]


def goal_files(path: Path) -> tuple[Path, ...]:
    """Everything of goals beside a ``kommun.yaml``: målplaner, earlier versions of them, and the kommun's own assessments."""
    return (*malplan_files(path), *earlier_plan_files(path), *assessment_files(path))


def configuration_files(path: Path) -> tuple[Path, ...]:
    """A ``kommun.yaml`` and all that is read beside it."""
    return (path, *goal_files(path), *blankett_files(path))


def malplan_files(path: Path) -> tuple[Path, ...]:
    """The målplaner beside a ``kommun.yaml``: ``malplan/ÅÅÅÅ.yaml``, in order of year."""
    return tuple(sorted((path.parent / MALPLAN).glob("[0-9][0-9][0-9][0-9].yaml")))


def earlier_plan_files(path: Path) -> tuple[Path, ...]:
    """Versions of the målplaner that a later one has replaced: ``malplan/ÅÅÅÅ-vN.yaml``, in order of name."""
    return tuple(sorted((path.parent / MALPLAN).glob("[0-9][0-9][0-9][0-9]-v[0-9]*.yaml")))


def assessment_files(path: Path) -> tuple[Path, ...]:
    """The kommun's own assessments beside a ``kommun.yaml``: ``malplan/ÅÅÅÅ-bedomningar.yaml``, in order of year."""
    return tuple(sorted((path.parent / MALPLAN).glob("[0-9][0-9][0-9][0-9]-bedomningar.yaml")))


def blankett_files(path: Path) -> tuple[Path, ...]:
    """The kommun's own blanketter beside a ``kommun.yaml``: ``blanketter/*.yaml``, in order of name."""
    return tuple(sorted((path.parent / BLANKETTER).glob("*.yaml")))


def load_blanketter(path: Path, kommun: Kommun) -> tuple[Blankett, ...]:
    """The kommun's own blanketter, in order of file name; none when it has no such folder.

    Raises:
        KonfigurationsFel: E010, a file is not YAML, has something the model refuses, or names what the kommun does not have.
    """
    found = []
    problem: list[Konfigurationsproblem] = []
    for file in blankett_files(path):
        try:
            blankett = load_model(file, Blankett)
        except KonfigurationsFel as error:
            problem.extend(error.problem)
            continue
        lines = dict(_lines(_parse(file)[0], ()))
        for loc, text in blankett.unknown(kommun):
            said = f"{_sentence(text)} Rätta koden här, eller lägg till den i kommun.yaml."
            problem.append(Konfigurationsproblem(file.name, _nearest_line(lines, loc), _field(loc), said))
        found.append(blankett)
    if problem:
        raise KonfigurationsFel(tuple(problem))
    return tuple(found)


def blankett_schema_text() -> str:
    """JSON schema of a file in ``blanketter``, as the committed file ``kommuner/blankett.schema.json`` has it."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Blankett.model_json_schema()}
    return json.dumps({**schema, "title": "En egen blankett för Röda tråden"}, ensure_ascii=False, indent=2) + "\n"


def _misplaced(file: Path, plan: Malplan, kommun: Kommun) -> Iterator[str]:
    """What in a målplan does not fit its file or the kommun."""
    if file.stem != str(plan.ar):
        yield f"Planen gäller år {plan.ar} men filen heter {file.name}. Byt filens namn eller rätta året."
    for text in sorted({text for _, text in unknown_enheter(plan, kommun)}):
        yield f"{_sentence(text.removeprefix('E738 '))} Rätta koden eller lägg till enheten."


def load_model(path: Path, model: type[Model]) -> Model:
    """What a configuration file describes, by its model; ``load_kommun`` for the kommun's.

    Raises:
        KonfigurationsFel: E010, as ``load_kommun``.
    """
    root, data = _parse(path)
    lines = dict(_lines(root, ()))
    problem = [Konfigurationsproblem(path.name, line, _field(loc), text) for loc, line, text in _doubled_keys(root, ())]
    try:
        loaded = model.model_validate(data)
    except ValidationError as error:
        for raw_loc, text in errors_in_swedish(error, data):
            loc = _without_tags(lines, raw_loc)
            problem.append(Konfigurationsproblem(path.name, _nearest_line(lines, loc), _field(loc), text))
    else:
        if not problem:
            return loaded
    raise KonfigurationsFel(tuple(sorted(problem, key=lambda ett: (ett.rad or 0, ett.falt))))


def json_schema() -> dict[str, Any]:
    """JSON schema of ``kommun.yaml``, for editors."""
    schema = Kommun.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "kommun.yaml för Röda tråden"}


def json_schema_text() -> str:
    """``json_schema`` as the committed file ``kommuner/kommun.schema.json`` has it."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"


def _parse(path: Path) -> tuple[Node, Any]:
    """The node tree (which has the lines) and the plain values of a YAML file."""
    try:
        text = path.read_text(encoding="utf-8")
        try:
            root, data = _composed(text, YAML(typ="safe"))
        except YAMLError:
            root, data = _composed(text, YAML(typ="safe", pure=True))
        if root is None:
            raise _single(path, None, "Filen är tom. Börja från en annan kommuns kommun.yaml.")
        return root, data
    except FileNotFoundError as error:
        raise _single(path, None, f"Filen finns inte ({path}). Ange kommunens mapp.") from error
    except UnicodeDecodeError as error:
        raise _single(path, None, "Filen är inte sparad som UTF-8. Spara om den med teckenkodningen UTF-8.") from error
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        text = f"Filen går inte att läsa som YAML ({error.problem}). Se över indrag, kolon och citattecken på raden och raden före."
        raise _single(path, mark.line + 1 if mark else None, text) from error
    except YAMLError as error:
        raise _single(path, None, f"Filen går inte att läsa som YAML ({error}). Se över tecknen i filen.") from error


def _composed(text: str, yaml: YAML) -> tuple[Node | None, Any]:
    """The nodes and values by that parser: libyaml is six times as fast; Python's own takes more and says better what is wrong."""
    yaml.constructor.allow_duplicate_keys = True
    root = yaml.compose(text)
    return root, None if root is None else yaml.constructor.construct_document(root)


def _single(path: Path, line: int | None, text: str) -> KonfigurationsFel:
    return KonfigurationsFel((Konfigurationsproblem(path.name, line, "", text),))


def _lines(node: Node, loc: Loc) -> Iterator[tuple[Loc, int]]:
    """The line (from 1) of every value, by path; that of its key for a value in a mapping."""
    if not loc:
        yield loc, node.start_mark.line + 1
    for key, child, line in _children(node):
        yield (*loc, key), line
        yield from _lines(child, (*loc, key))


def _children(node: Node) -> Iterator[tuple[str | int, Node, int]]:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield str(key.value) if isinstance(key, ScalarNode) else "?", value, key.start_mark.line + 1
    elif isinstance(node, SequenceNode):
        for place, value in enumerate(node.value):
            yield place, value, value.start_mark.line + 1


def _doubled_keys(node: Node, loc: Loc) -> Iterator[tuple[Loc, int, str]]:
    """Keys given more than once in the same mapping, by path and line."""
    first: dict[str | int, int] = {}
    for key, child, line in _children(node):
        if key in first:
            yield (*loc, key), line, f"Fältet finns redan på rad {first[key]}. Ta bort det ena."
        first.setdefault(key, line)
        yield from _doubled_keys(child, (*loc, key))


def _without_tags(lines: Mapping[Loc, int], loc: Loc) -> Loc:
    """The path as the file has it: pydantic puts the chosen kind of a part (``vagar.1.sftp.port``) between the part and its field."""
    path: Loc = ()
    for part in loc[:-1]:
        if isinstance(part, int) or (*path, part) in lines:
            path = (*path, part)
    return (*path, *loc[-1:])


def _nearest_line(lines: Mapping[Loc, int], loc: Loc) -> int:
    """The line of that path, or of the innermost part around it that the file has."""
    while loc not in lines:
        loc = loc[:-1]
    return lines[loc]


def _field(loc: Loc) -> str:
    """``enheter[2].finansiering``; lists are counted from 1, as people do."""
    text = ""
    for part in loc:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def errors_in_swedish(error: ValidationError, data: Any) -> Iterator[tuple[Loc, str]]:
    """Path and Swedish text of each error of a model, for whatever form the data came in."""
    for detail in error.errors(include_url=False):
        loc = tuple(detail["loc"])
        cause = detail.get("ctx", {}).get("error")
        if isinstance(cause, SammanhangsFel):
            for inner, text in cause.fel:
                yield (*loc, *inner), f"{_sentence(text)} Rätta koden här eller där den används."
        else:
            yield loc, _explain(detail)


def _explain(detail: ErrorDetails) -> str:
    """What is wrong and what to do. An error type that is not in the tables keeps pydantic's own words."""
    context = detail.get("ctx", {})
    found = _shown(detail["input"])
    match detail["type"]:
        case "enum" | "literal_error":
            return f"{found} är inte tillåtet. Välj {_choices(str(context['expected']))}."
        case "string_pattern_mismatch":
            return f"{found} har fel form. {_PATTERNS.get(context['pattern'], 'Värdet ska ha formen ' + context['pattern'] + '.')}"
        case "value_error":
            return f"{_sentence(str(context['error']))} Rätta uppgifterna här."
        case kind if kind.startswith("date"):
            return f"{found} är inget datum. Skriv år, månad och dag: 2026-01-31."
        case kind if kind in _TEXTS:
            return _TEXTS[kind].format(found=found, **context)
        case _:
            return f"{found} kan inte användas ({detail['msg']}). Se kommun.schema.json för vad som får stå här."


_WHOLE = "{found} är inte ett heltal. Skriv bara siffror, utan mellanslag, decimaler och enhet."
_LIST = "{found} ska vara en lista. Skriv varje post på en egen rad som börjar med bindestreck."
_FIELDS = "{found} ska vara fält med värden. Skriv ”fält: värde” på rader med indrag."
_FLAG = "{found} är varken true eller false. Skriv ett av dem."
_TEXTS = {
    "missing": "Fältet saknas. Lägg till det.",
    "union_tag_not_found": "Fältet {discriminator} saknas. Det säger vilket slag det är.",
    "union_tag_invalid": "{tag} är inget slag som finns. Välj {expected_tags}.",
    "extra_forbidden": "Fältet är okänt. Ta bort det eller rätta stavningen.",
    "string_type": "{found} ska vara text. Sätt värdet inom citattecken.",
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "bool_type": _FLAG,
    "bool_parsing": _FLAG,
    "tuple_type": _LIST,
    "dict_type": _FIELDS,
    "model_type": _FIELDS,
    "model_attributes_type": _FIELDS,
    "greater_than": "{found} är utanför det tillåtna: större än {gt}. Rätta värdet.",
    "greater_than_equal": "{found} är utanför det tillåtna: minst {ge}. Rätta värdet.",
    "less_than": "{found} är utanför det tillåtna: mindre än {lt}. Rätta värdet.",
    "less_than_equal": "{found} är utanför det tillåtna: högst {le}. Rätta värdet.",
    "string_too_short": "Fältet är tomt. Fyll i det.",
    "too_short": "Listan är för kort: minst {min_length} krävs. Fyll på den.",
    "string_too_long": "Texten är för lång: högst {max_length} tecken får plats. Korta den.",
}
"""Text per error type of pydantic; the names in braces are its context."""

_PATTERNS = {
    r"^[NU]\d{5}$": "Skriv N eller U och fem siffror, till exempel N15033.",
    r"^[A-Za-z0-9_.\-]{1,40}$": "En kod har 1–40 tecken: a–z utan å, ä, ö, siffror, punkt, bindestreck och understreck.",
    r"^#[0-9a-fA-F]{6}$": 'En färg skrivs med # och sex tecken inom citattecken, till exempel "#1f4e79".',
    r"^[^@\s]+@[^@\s]+$": "Skriv en e-postadress, till exempel ekonomi@example.org.",
    r"^([01]\d|2[0-3]):[0-5]\d$": 'Ett klockslag skrivs inom citattecken med två siffror, kolon och två siffror, till exempel "06:00".',
    r"^https?://": "En adress börjar med https:// eller http://.",
    r"^[a-z0-9\-]{1,40}$": "Ett namn har 1–40 tecken: a–z utan å, ä, ö, siffror och bindestreck.",
    r"^[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9]$": "En hinks namn har 3–63 tecken: a–z, siffror, punkt och bindestreck.",
    r"^https?://\S+$": "Skriv hela adressen, med https://.",
    r"^[0-9a-f]{64}$": "Klistra in nyckeln som rodatraden nyckel skriver ut: 64 tecken, 0–9 och a–f, inom citattecken.",
    r"^[^!]+![A-Z]{1,2}[0-9]{1,5}$": "En cell skrivs med blad, utropstecken och cell, till exempel Sammandrag!B2.",
    r"^[A-Z]{1,2}$": "En kolumn skrivs med sin bokstav, till exempel B.",
    r"^G\d{1,8}$": "Skriv G och siffror, till exempel G35888.",
    r"^\d{4}$": 'Skriv fyra siffror inom citattecken, till exempel "1489".',
}
"""What each pattern of ``data_contracts.kommun`` means in words; a test says that none is missing."""


def _choices(expected: str) -> str:
    """pydantic's "'a', 'b' or 'c'" as 'a, b eller c'."""
    return expected.replace("'", "").replace(" or ", " eller ")


def _shown(value: Any) -> str:
    """The value as found, short: '"skat"', 'en lista', 'tomt'."""
    match value:
        case None:
            return "Ett tomt värde"
        case dict():
            return "En grupp av fält"
        case list() | tuple():
            return "En lista"
        case _:
            text = str(value)
            return f'"{text if len(text) <= 60 else text[:59] + "…"}"'


def _sentence(text: str) -> str:
    """With a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}."
