"""Who may do what, asked before every step that takes a right."""

from __future__ import annotations

import datetime as dt

from data_contracts.behorighet import Konto, Steg
from flows.workplace import Workplace
from transforms.approval import BEHORIGHET
from transforms.audit_chain import canonical


class BehorighetsFel(RuntimeError):
    """E933: the account may not do this. The message is Swedish."""


def demand(workplace: Workplace, steg: Steg, now: dt.datetime, kod: str | None = None) -> Konto:
    """The acting account, when its role may take the step. The rules that gave it the right stand in the log before what it does.

    Args:
        kod: the nämnd whose report it is about, '' for the kommun's; None where it is about no report.

    Raises:
        BehorighetsFel: E933, the account has no role, or one that may not.
    """
    name = workplace.aktor.anvandare
    konto = workplace.behorighet.konto(name)
    if konto is None:
        raise BehorighetsFel(
            f"E933 Kontot {name} har ingen roll i behorighet.yaml. Låt rätt person köra kommandot från sitt eget konto."
        )
    if steg not in konto.far:
        raise BehorighetsFel(
            f'E933 Rollen {konto.roll} (kontot {name}) får inte göra "{steg}" enligt behorighet.yaml ({workplace.behorighet.referens}).'
        )
    if kod is not None and konto.namnder is not None and kod not in konto.namnder:
        raise BehorighetsFel(
            f"E933 Rollen {konto.roll} (kontot {name}) har inte rapporten för {kod or 'hela kommunen'} bland sina i behorighet.yaml."
        )
    _keep_rules(workplace, now)
    return konto


def _keep_rules(workplace: Workplace, now: dt.datetime) -> None:
    """An event with the whole of behorighet.yaml, when it says something else than the last one."""
    rules = workplace.behorighet.model_dump(mode="json")
    told = workplace.store.journal(BEHORIGHET)
    if not told or canonical(told[-1].detaljer) != canonical(rules):
        workplace.store.record_event(now, BEHORIGHET, rules)
