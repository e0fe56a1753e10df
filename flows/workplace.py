"""A home with its doors open: configuration, contracts, store and objects, and the key of the program that works there."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from ruamel.yaml import YAML

from adapters.contract_files import load_contract, load_felkoder
from adapters.kommun_config import configuration_files, load_blanketter, load_kommun
from adapters.log_head import keep_head
from adapters.objects import ObjectStore
from adapters.store import Aktor, Store
from data_contracts.behorighet import Behorighet
from data_contracts.blankett import Blankett
from data_contracts.contract import Contract
from data_contracts.felkoder import Felkod
from data_contracts.kommun import Kommun
from flows.home import CHECKOUT, Hem, load_behorighet
from transforms.wording import Wording

ROOMS = ("data_contracts", "transforms", "adapters", "flows")


@dataclass(frozen=True, slots=True)
class Workplace:
    """All that the steps need of one kommun's home."""

    hem: Hem
    kommun: Kommun
    store: Store
    objects: ObjectStore
    manadsretur: Contract
    budgetregister: Contract
    felkoder: dict[str, Felkod]
    behorighet: Behorighet
    aktor: Aktor
    bokslut: Contract
    blanketter: tuple[Blankett, ...] = ()

    def contract(self, contract_id: str) -> Contract:
        """The contract that a workbook says it follows; the monthly return's when it says none."""
        known = {contract.id: contract for contract in (self.budgetregister, self.bokslut)}
        return known.get(contract_id, self.manadsretur)

    @property
    def program_key(self) -> str:
        """Hash of the program and this kommun's configuration: the same key reads, checks and computes the same way."""
        return hashlib.sha256(f"{program_hash()}\n".encode() + _configuration(self.hem.kommun_yaml)).hexdigest()


@contextmanager
def open_workplace(hem: Hem) -> Iterator[Workplace]:
    """Open a home for one step, as the account that runs the program; the store is closed after it, and the log's head kept.

    Raises:
        KonfigurationsFel: E010, a configuration file is wrong.
        LagringsFel: E905–E906, the database can't be used; E953, it is gone; E954, it has an older schema.
    """
    kommun = _kommun(hem.kommun_yaml, _configuration(hem.kommun_yaml))
    behorighet = load_behorighet(hem)
    aktor = Aktor(account(), behorighet.roll(account()))
    with Store(hem.databas, aktor) as store:
        if hem.huvudfil.exists():
            store.demand_there()
        store.prepare_schema()
        head = store.log_head()
        try:
            yield Workplace(
                hem,
                kommun,
                store,
                ObjectStore(hem.objekt),
                load_contract("manadsretur"),
                load_contract("budgetregister"),
                dict(load_felkoder()),
                behorighet,
                aktor,
                load_contract("bokslut"),
                _blanketter(hem.kommun_yaml, _configuration(hem.kommun_yaml)),
            )
        finally:
            newest = store.log_head()
            if newest != head:
                keep_head(hem.huvudfil, newest, now())


def _configuration(path: Path) -> bytes:
    """The bytes of kommun.yaml and of the målplaner, assessments and blanketter beside it; of what is there."""
    return b"\n".join(file.read_bytes() for file in configuration_files(path) if file.is_file())


@lru_cache(maxsize=4)
def _kommun(path: Path, content: bytes) -> Kommun:
    """The kommun of a file with that content: read once, though every step opens its own workplace."""
    return load_kommun(path)


@lru_cache(maxsize=4)
def _blanketter(path: Path, content: bytes) -> tuple[Blankett, ...]:
    return load_blanketter(path, _kommun(path, content))


@cache
def program_hash() -> str:
    """sha256 over every source and contract file of the program, in order of name."""
    digest = hashlib.sha256()
    for path in sorted(path for room in ROOMS for path in _sources(CHECKOUT / room)):
        digest.update(f"{path.relative_to(CHECKOUT)}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sources(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.suffix in (".py", ".yaml") and path.is_file())


@cache
def load_wording(name: str = "ordalydelse") -> Wording:
    """The sentences of the reports; of what goes out with them (``leverans``), or of the calendar's mails (``utskick``)."""
    text = (CHECKOUT / "report_templates" / f"{name}.yaml").read_text(encoding="utf-8")
    return Wording(dict(YAML(typ="safe").load(text)))


def account() -> str:
    """The operating system's account that runs the program: by its number, not by the environment, which anyone can set."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid{os.getuid()}"


def now() -> dt.datetime:
    """The clock, read only here."""
    return dt.datetime.now(dt.UTC)
