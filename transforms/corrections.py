"""Declared corrections: an entered figure gets another value, and the trail keeps the original, the correction and its decision.

Of a corrected figure ``prognos`` come three: ``prognos_inlamnad`` (as it stood in the cell), ``prognos_rattelse`` (the change, with
reason, role and date) and ``prognos`` itself, their sum.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from data_contracts.rattelser import Rattelse
from transforms.belopp import ORE_PER_UNIT, NotANumber, parse_number, scaled, to_ore
from transforms.figure_id import parse_figure_id
from transforms.figures import INLAMNAD, RATTAD, RATTELSE, REGISTER, Figure, FigureIndex
from transforms.period import Period
from transforms.personal_data import has_personal_data
from transforms.raw_retur import CellKind, RawCell

MISSING = "uppgift saknas"
AS_ENTERED, CORRECTION = "_inlamnad", "_rattelse"
"""Endings of serie for the original value and for the change."""


class CorrectionError(ValueError):
    """E181–E184: declared corrections that do not hold. Every one of them, a line each; the closing stops."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Corrections:
    """The corrections of a year, with the file they stand in. ``fil``: ``rattelser/2026.yaml``; '' when there is none."""

    rattelser: tuple[Rattelse, ...] = ()
    fil: str = ""
    sha256: str = ""

    def of(self, period: Period) -> tuple[tuple[int, Rattelse], ...]:
        """The corrections of one period, each with its number in the file, from 1."""
        numbered = enumerate(self.rattelser, start=1)
        return tuple((number, entry) for number, entry in numbered if entry.siffra.strip().startswith(f"{period}/"))

    def fingerprint(self, period: Period) -> str:
        """The period's corrections as text: what a closing stands on."""
        return "\n".join(f"{number} {entry.model_dump_json()}" for number, entry in self.of(period))


def apply_corrections(figures: Iterable[Figure], corrections: Corrections, period: Period) -> tuple[Figure, ...]:
    """Each corrected figure per its id: value = as entered + correction; the other figures as they are.

    A missing value that is corrected gets the new value alone. Only figures that someone entered, or that the register holds, are
    corrected; a computed one follows from its parts.

    Source: the kommun's own decision, named in each correction (role and date).

    Args:
        figures: the period's figures, before sums and avvikelser.
        corrections: of the year; those of other periods are left for their own closing.
    Raises:
        CorrectionError: E181 no such entered figure, E182 the figure is not what ``fran`` says, E183 a value can't be used, E184
            personal data in what would be printed.
    """
    index = FigureIndex(figures)
    problems, replaced, extra = list(_misplaced(corrections, period)), dict[str, Figure](), list[Figure]()
    for number, entry in corrections.of(period):
        try:
            figure_id = str(parse_figure_id(entry.siffra))
            if figure_id in replaced:
                raise ValueError(f"E183 siffran {figure_id} rättas två gånger. Behåll en av rättelserna.")
            corrected, *links = _corrected(index.by_id(figure_id), number, entry, corrections)
        except ValueError as error:
            problems.append(_placed(str(error), number, corrections))
        else:
            replaced[figure_id] = corrected
            extra.extend(links)
    if problems:
        raise CorrectionError(problems)
    return (*(replaced.get(figure.figure_id, figure) for figure in index), *extra)


def _misplaced(corrections: Corrections, period: Period) -> Iterable[str]:
    """Entries whose id can't be read, or that belong to another year's file: they would otherwise be silent."""
    for number, entry in enumerate(corrections.rattelser, start=1):
        try:
            year = parse_figure_id(entry.siffra).period[:4]
        except ValueError as error:
            yield _placed(f"E181 {error}", number, corrections)
            continue
        if year != str(period.year):
            yield _placed(
                f"E181 siffran {entry.siffra} hör till rattelser/{year}.yaml. Flytta den dit.", number, corrections
            )


def _placed(text: str, number: int, corrections: Corrections) -> str:
    code, _, rest = text.partition(" ")
    return f"{code} {corrections.fil}, post {number}: {rest}"


def _corrected(figure: Figure | None, number: int, entry: Rattelse, corrections: Corrections) -> tuple[Figure, ...]:
    """The corrected figure, the original and the change."""
    if figure is None or figure.slag not in (INLAMNAD, REGISTER):
        why = "finns inte" if figure is None else "är beräknad; rätta siffrorna som den är räknad ur"
        raise ValueError(f"E181 siffran {entry.siffra} {why}. Alla siffror: rodatraden siffror {entry.siffra[:7]}")
    expected, value = (_value(text, entry, figure) for text in (entry.fran, entry.till))
    if expected != figure.varde or figure.is_not_applicable:
        raise ValueError(
            f"E182 siffran {entry.siffra} väntades vara {_with_unit(entry.fran, entry)} men är {_found(figure)} "
            f"(fil {figure.fil or 'saknas'}, cell {figure.cell or 'saknas'}). Ändra fran, eller ta bort rättelsen."
        )
    if has_personal_data(f"{entry.skal} {entry.beslutad_av}"):
        raise ValueError(
            "E184 skäl eller beslutad_av har ett personnummer, en e-postadress eller ett telefonnummer. Skriv om texten."
        )
    if value is None or value == figure.varde:
        raise ValueError(f"E183 till ({entry.till}) ska vara ett tal, och ett annat än fran. Rätta posten.")
    original = replace(figure, serie=figure.serie + AS_ENTERED, grupp="")
    change = replace(
        figure,
        serie=figure.serie + CORRECTION,
        varde=value - (figure.varde or 0),
        slag=RATTELSE,
        grupp="",
        formel=decision_text(entry, missing=figure.varde is None),
        retur_sha256=corrections.sha256,
        fil=corrections.fil,
        blad="",
        cell=f"post {number}",
        ravarde=entry_text(entry),
    )
    parts = (change,) if figure.varde is None else (original, change)
    corrected = replace(
        figure, varde=value, slag=RATTAD, formel="inlämnat värde + rättelse" if figure.varde is not None else "rättelse",
        indata=tuple((1, part.figure_id) for part in parts), retur_sha256="", fil="", blad="", cell="", ravarde="",
    )  # fmt: skip
    return corrected, original, change


def decision_text(entry: Rattelse, *, missing: bool) -> str:
    """'Felvänt tecken i returen. Beslutad av ekonomichef 2026-05-12.'"""
    reason = entry.skal.strip()
    stop = "" if reason.endswith((".", "!", "?")) else "."
    absent = " Uppgiften saknades i returen." if missing else ""
    return f"{reason}{stop}{absent} Beslutad av {entry.beslutad_av.strip()} {entry.datum.isoformat()}."


def entry_text(entry: Rattelse) -> str:
    """What the entry says, for the proof that the stored file still says it: 'från −1 tkr till −2 tkr, 2026-05-12'."""
    date: dt.date = entry.datum
    return f"från {_with_unit(entry.fran, entry)} till {_with_unit(entry.till, entry)}, {date.isoformat()}"


def _with_unit(value: str | int, entry: Rattelse) -> str:
    return f"{value} {entry.enhet}".strip() if str(value).strip().casefold() != MISSING else MISSING


def _found(figure: Figure) -> str:
    return (
        MISSING
        if figure.varde is None
        else f"{figure.varde} {'öre' if figure.enhet_matt == 'ore' else figure.enhet_matt}"
    )


def _value(value: str | int, entry: Rattelse, figure: Figure) -> int | None:
    """A value of the entry in the figure's smallest unit, exactly; None for 'uppgift saknas'."""
    text = str(value).strip()
    if text.casefold() == MISSING:
        return None
    is_amount = figure.enhet_matt == "ore"
    if is_amount != (entry.enhet in ORE_PER_UNIT):
        wanted = "kr, tkr eller mnkr" if is_amount else "tom, eftersom siffran är en volym"
        raise ValueError(f"E183 enhet är {entry.enhet!r} men ska vara {wanted}. Rätta posten.")
    try:
        number = parse_number(RawCell("", CellKind.TEXT, text))
        whole, rounded = (
            (0, True)
            if number is None
            else to_ore(number, entry.enhet)
            if is_amount
            else scaled(number, figure.decimaler)
        )
    except NotANumber:
        whole, rounded = 0, True
    if rounded:
        raise ValueError(
            f"E183 {text!r} är inget tal i hela minsta enheter. Skriv talet med decimalkomma, inom citattecken."
        )
    return whole
