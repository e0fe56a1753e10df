"""The avvikelseregister of a closing: what it saw is kept, the cases of the year are built, and people decide on them."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from adapters.store import Closing
from data_contracts.behorighet import Steg
from flows.rights import demand
from flows.workplace import Workplace, load_wording
from transforms.audit_chain import canonical, plain
from transforms.control_sheets import text_of
from transforms.deviation_register import Arende, Decision, Handling, arende_year, build_register
from transforms.figures import FigureIndex
from transforms.period import Period
from transforms.public_view import public_text
from transforms.views.context import Forklaring, ReportContext
from transforms.views.observations import Atgardsuppgift, observations

Kommentarer = Mapping[tuple[str, str, str], pd.Series]


class ArendeFel(RuntimeError):
    """E985–E986: the decision can't be taken. The message is Swedish and says what to do."""


@dataclass(frozen=True, slots=True)
class NyttBeslut:
    """What a person asks to be decided on a case. ``underlag``: a file, or words that say where the evidence is."""

    arende_id: str
    slag: Handling
    text: str
    underlag: str = ""
    paragraf: str = ""
    belopp_ore: int | None = None


def keep_observations(
    workplace: Workplace, closing: Closing, figures: FigureIndex, comments: Kommentarer, now: dt.datetime
) -> None:
    """What the closing sees of the rows over the limits and of the year's cases, among its own rows of the store."""
    context = ReportContext(
        kommun=workplace.kommun,
        period=Period.parse(closing.period),
        figures=figures,
        forklaringar={key: said for key, row in comments.items() if (said := _said(row)) is not None},
        returer=(),
        wording=load_wording(),
    )
    followed = frozenset(case.id for case in _earlier_cases(workplace, context.period))
    details = {key: _details(row) for key, row in comments.items()}
    workplace.store.save_observations(closing, observations(context, details, followed), tid=now)


def _said(row: pd.Series) -> Forklaring | None:
    orsak, atgard = (text_of(row[name]).strip() for name in ("orsak", "atgard"))
    return Forklaring(orsak, atgard) if orsak or atgard else None


def _details(row: pd.Series) -> Atgardsuppgift:
    due = text_of(row["klardatum"])
    return Atgardsuppgift(
        text_of(row["orsakskategori"]), text_of(row["ansvarig"]).strip(), dt.date.fromisoformat(due) if due else None
    )


def _earlier_cases(workplace: Workplace, period: Period) -> tuple[Arende, ...]:
    """The cases of the year as they stood the month before."""
    return () if period.month == 1 else cases_of(workplace, period.previous)


def cases_of(workplace: Workplace, period: Period, closing: Closing | None = None) -> tuple[Arende, ...]:
    """The register of a period; of its own month as ``closing`` saw it, else as its newest finished one did.

    A month that has been closed again counts as it was closed last, so that no case is there twice.
    """
    rules = workplace.kommun.avvikelseregister
    if rules is None:
        return ()
    store, kommun = workplace.store, workplace.kommun.kod
    standing = {one.period: one for one in store.observed_closings(kommun, period.year) if one.period <= str(period)}
    if closing is not None:
        standing[closing.period] = closing
    seen = {month: store.observations(one.id) for month, one in standing.items()}
    return build_register(seen, store.decisions(kommun), period, rules)


def public_cases(workplace: Workplace, closing: Closing) -> tuple[Arende, ...]:
    """The register of a closing as its reports may tell it: without texts that hold personal data."""
    return tuple(_public(case) for case in cases_of(workplace, Period.parse(closing.period), closing))


def _public(case: Arende) -> Arende:
    sedd = tuple(
        replace(one, orsak=public_text(one.orsak), atgard=public_text(one.atgard), ansvarig=public_text(one.ansvarig))
        for one in case.sedd
    )
    beslut = tuple(replace(one, text=public_text(one.text), underlag=public_text(one.underlag)) for one in case.beslut)
    return replace(case, sedd=sedd, beslut=beslut)


def register_key(workplace: Workplace, period: Period) -> tuple[str, ...]:
    """What a closing stands on of the register: the cases of earlier months, and the decisions on them and on its own."""
    if workplace.kommun.avvikelseregister is None:
        return ()
    own = (one for one in workplace.store.decisions(workplace.kommun.kod) if one.period == str(period))
    told = [*_earlier_cases(workplace, period), *own]
    return (hashlib.sha256(canonical(plain(told)).encode()).hexdigest(),) if told else ()


def decide(workplace: Workplace, asked: NyttBeslut, now: dt.datetime) -> Decision:
    """Take a decision on a case of the register, by the acting account's role.

    Raises:
        BehorighetsFel: E933. ArendeFel: E985, there is no such case; E986, the case is not in the state for it, or evidence is missing.
    """
    period = latest_month(workplace, arende_year(asked.arende_id))
    case = next((one for one in cases_of(workplace, period) if one.id == asked.arende_id), None)
    if case is None:
        raise ArendeFel(
            f"E985 Ärendet {asked.arende_id} finns inte i {period.text}. Visa alla: rodatraden avvikelser {period}"
        )
    konto = demand(workplace, Steg.AVVIKELSE, now, workplace.kommun.namnd_of(case.senast.enhet).kod)
    if fault := _fault(case, asked):
        raise ArendeFel(f"E986 {asked.arende_id}: {fault}")
    underlag, sha256 = _evidence(workplace, asked.underlag)
    decision = Decision(
        arende_id=asked.arende_id,
        slag=asked.slag,
        period=str(period),
        datum=now.date(),
        roll=konto.roll,
        text=asked.text,
        underlag=underlag,
        underlag_sha256=sha256,
        paragraf=asked.paragraf,
        belopp_ore=asked.belopp_ore,
        konto=konto.anvandare,
    )
    workplace.store.decide(workplace.kommun.kod, decision, tid=now)
    return decision


def latest_month(workplace: Workplace, year: int) -> Period:
    """The latest closed month of a year.

    Raises:
        ArendeFel: E985, none is.
    """
    closings = workplace.store.observed_closings(workplace.kommun.kod, year)
    if not closings:
        raise ArendeFel(f"E985 Ingen månad {year} är stängd, så det finns inget register. Kör: rodatraden stang")
    return Period.parse(closings[-1].period)


def _fault(case: Arende, asked: NyttBeslut) -> str:
    if not asked.text:
        return "ange varför med --skal."
    if asked.slag in (Handling.STANGD, Handling.EFFEKT) and not asked.underlag:
        return "ange underlaget: --underlag FIL eller var det finns. Utan underlag stängs inget ärende och mäts ingen effekt."
    if asked.slag is Handling.STANGD and not case.oppen:
        return "ärendet är redan stängt."
    if asked.slag is Handling.OPPNAD and case.oppen:
        return "ärendet är redan öppet."
    if asked.slag is Handling.BESLUT and not asked.paragraf:
        return 'ange beslutet: --paragraf "KS 2026-05-04 § 12".'
    return ""


def _evidence(workplace: Workplace, named: str) -> tuple[str, str]:
    """The evidence in words, and the sha256 under which a file of it is kept ('' when the words are all)."""
    path = Path(named) if named else None
    if path is None or not path.is_file():
        return named, ""
    return path.name, workplace.objects.put(path.read_bytes())
