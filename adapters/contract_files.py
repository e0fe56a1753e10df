"""Reads what lies in ``data_contracts/``: the contracts and the catalogue of codes. And explains a code in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from data_contracts.bokslutsregler import (
    Avstamningsregel,
    Bokslutsregler,
    Del,
    Kassaflodesrad,
    Krav,
    Lagregler,
    Notkrav,
    Nyckeltalsdefinition,
    Rapportordning,
)
from data_contracts.contract import Contract, ContractError, parse_contract
from data_contracts.felkoder import Felkod, parse_felkoder
from data_contracts.kommunbas import KommunBas, parse_kommunbas
from data_contracts.textord import Textord, parse_textord
from data_contracts.uppstallningsform import Form

CONTRACTS = ("manadsretur", "budgetregister", "bokslut", "malplan", "periodsaldon", "prognoshistorik")
_PLACE = re.compile(r"\{\w+\}")
_FOLDER = Path(__file__).resolve().parent.parent / "data_contracts"


@dataclass(frozen=True, slots=True)
class Forklaring:
    """One code explained. ``meddelanden``, ``atgarder`` and ``galler`` belong together: the message, what to do, where it may appear."""

    code: str
    titel: str
    allvar: str
    galler: tuple[str, ...]
    meddelanden: tuple[str, ...]
    atgarder: tuple[str, ...]

    @property
    def text(self) -> str:
        """The explanation as lines to print."""
        lines = [f"{self.code}  {self.titel}", f"Allvar: {self.allvar}"]
        for galler, meddelande, atgard in zip(self.galler, self.meddelanden, self.atgarder, strict=True):
            lines += ["", f"Gäller: {galler}", f"Meddelande: {_open(meddelande)}", f"Gör så här: {_open(atgard)}"]
        return "\n".join(lines)


@cache
def load_contract(name: str) -> Contract:
    """One of ``CONTRACTS``.

    Raises:
        ContractError: E001 the file is missing, is no YAML, or would let a check pass in silence.
    """
    return parse_contract(read_yaml(f"{name}.odcs.yaml"), f"data_contracts/{name}.odcs.yaml")


@cache
def load_felkoder() -> Mapping[str, Felkod]:
    """The codes that are no contract rules, by code."""
    return parse_felkoder(read_yaml("felkoder.yaml"), "data_contracts/felkoder.yaml")


@cache
def load_textord() -> Textord:
    """The words by which written text is read against figures. Raises TextordError (E001) when the list is wrong."""
    return parse_textord(read_yaml("textord.yaml"), "data_contracts/textord.yaml")


@cache
def load_bokslutsregler() -> Bokslutsregler:
    """The forms and rules of a closing of the books.

    Raises:
        ContractError: E001 a file is missing, is no YAML, or has something its model refuses.
    """
    return Bokslutsregler(
        former=_listed("former", tuple[Form, ...]),
        lag=_validated("regler", TypeAdapter(Lagregler), read_yaml("bokslut/regler.yaml")),
        nyckeltal=_listed("nyckeltal", tuple[Nyckeltalsdefinition, ...]),
        avstamning=_listed("avstamning", tuple[Avstamningsregel, ...], key="regler"),
        kassaflode=_listed("kassaflode", tuple[Kassaflodesrad, ...], key="rader"),
        noter=_listed("noter", tuple[Notkrav, ...]),
        krav=_listed("krav", tuple[Krav, ...]),
        rapporter=tuple(
            Rapportordning(kod, _validated("kapitel", TypeAdapter(tuple[Del, ...]), parts))
            for kod, parts in read_yaml("bokslut/kapitel.yaml")["rapporter"].items()
        ),
    )


def _listed(name: str, kind: Any, key: str = "") -> Any:
    """The list of a file of ``data_contracts/bokslut``, each item by its model."""
    return _validated(name, TypeAdapter(kind), read_yaml(f"bokslut/{name}.yaml").get(key or name))


def _validated(name: str, adapter: TypeAdapter[Any], raw: Any) -> Any:
    try:
        return adapter.validate_python(raw)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ContractError(f"E001 data_contracts/bokslut/{name}.yaml, {place}: {first['msg']}") from error


@cache
def load_kommunbas() -> KommunBas:
    """Kommun-Bas: which line of the statements an account belongs to, per year."""
    return parse_kommunbas(read_yaml("kommunbas.yaml"))


def read_yaml(file_name: str) -> dict[str, Any]:
    """A YAML file of ``data_contracts/`` as dicts and lists. Raises ContractError (E001) when it can't be read."""
    try:
        parsed = _parsed((_FOLDER / file_name).read_text(encoding="utf-8"))
    except OSError as error:
        raise ContractError(f"E001 data_contracts/{file_name} kan inte läsas: {error.strerror}.") from error
    except YAMLError as error:
        raise ContractError(f"E001 data_contracts/{file_name} är ingen giltig YAML: {error}") from error
    if not isinstance(parsed, dict):
        raise ContractError(f"E001 data_contracts/{file_name} ska vara en YAML-fil med namngivna delar.")
    return parsed


def _parsed(text: str) -> Any:
    """The text's content: by libyaml, ten times as fast, or by Python's parser where libyaml, which is stricter, does not take it."""
    try:
        return YAML(typ="safe").load(text)
    except YAMLError:
        return YAML(typ="safe", pure=True).load(text)


def all_codes() -> dict[str, str]:
    """Every documented code with its title, in code order."""
    titles = {code: felkod.titel for code, felkod in load_felkoder().items()}
    for name in CONTRACTS:
        titles |= {rule.code: rule.title for rule in load_contract(name).rules}
    return dict(sorted(titles.items()))


def explain(code: str) -> Forklaring | None:
    """What a code means, how grave it is, where it may appear and what to do; None when there is no such code."""
    wanted = code.strip().upper()
    felkod = load_felkoder().get(wanted)
    if felkod is not None:
        return Forklaring(
            wanted,
            felkod.titel,
            felkod.severity.value,
            (_place(wanted),),
            (felkod.meddelande,),
            (felkod.atgard,),
        )
    uses: dict[tuple[str, str], list[str]] = {}
    title, severity = "", ""
    for name in CONTRACTS:
        contract = load_contract(name)
        for rule in contract.rules:
            if rule.code == wanted:
                title, severity = rule.title, rule.severity.value
                place = f'{contract.title}, "{contract.table(rule.table).title}"'
                uses.setdefault((rule.message, rule.advice), []).append(place)
    if not uses:
        return None
    places = tuple("; ".join(dict.fromkeys(listed)) for listed in uses.values())
    return Forklaring(
        wanted, title, severity, places, tuple(message for message, _ in uses), tuple(advice for _, advice in uses)
    )


def _place(code: str) -> str:
    """What a code of the catalogue is about, by its series."""
    if code.startswith("R"):
        return "rapporternas framställning"
    if 800 <= int(code[1:]) < 850:
        return "huvudboken och avstämningen"
    if not 110 <= int(code[1:]) < 900:
        return "programmet, dess filer och lagret; inte någon retur"
    return "arbetsboken, innan kontraktets regler prövas"


def _open(text: str) -> str:
    """The text with its places left open, as it is shown when nothing has happened yet."""
    return _PLACE.sub("…", text)
