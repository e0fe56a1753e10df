"""Rights for the account that runs the tests: it has one role, and that role may take the given steps."""

from __future__ import annotations

from dataclasses import replace

from adapters.store import Aktor, Store
from data_contracts.behorighet import Behorighet, Konto, Steg
from flows.home import Hem
from flows.workplace import Workplace, account

REFERENS = "Delegationsordningen 4.7"


def allow(hem: Hem, roll: str, *far: Steg) -> None:
    """From now on whoever opens the home as this account may do that."""
    konto = f"{{anvandare: {account()}, roll: {roll}, far: [{', '.join(far)}]}}"
    hem.behorighet_yaml.write_text(f"referens: {REFERENS}\nkonton:\n  - {konto}\n", encoding="utf-8")


def allowed(workplace: Workplace, roll: str, *far: Steg) -> Workplace:
    """The open workplace with those rights, its store opened by the account in that role, as a home with such a file is."""
    aktor = Aktor(workplace.aktor.anvandare, roll)
    konto = Konto(anvandare=aktor.anvandare, roll=roll, far=far)
    rules = Behorighet(referens=REFERENS, konton=(konto,))
    return replace(workplace, behorighet=rules, aktor=aktor, store=Store(workplace.hem.databas, aktor))
