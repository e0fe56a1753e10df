"""Kvittensen: what a sender is told about a workbook: what came, how it was judged, every finding, and what to do by when."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from data_contracts.felkoder import Felkod
from data_contracts.findings import Finding, Severity, cell_text, place_text
from data_contracts.kommun import Kommun
from transforms.finding_groups import gathered, shared
from transforms.period import Period
from transforms.repeats import unread_sheets, unread_text

MAX_FOUND = 160
MAX_AMONG = 60
"""Of a cell's text where it stands in a list of cells."""
NBSP = "\u00a0"
_BREAKING = re.compile(r"[^\S\u00a0]+")
_SPACES = re.compile(r"\s+")
MAX_IN_LETTER = 100
JSON_VERSION = 1
_ACCEPTED = "godkand"

_GROUPS = {
    Severity.STOPPAR: ("Stoppar", "Returen räknas inte förrän det här är rättat."),
    Severity.FORKLARAS: (
        "Ska förklaras",
        "Det här stoppar inte. Det som inte förklaras står som Förklaring saknas i rapporten.",
    ),
    Severity.NOTERING: ("Noteringar", "Upplysningar, som inte stoppar."),
}


@dataclass(frozen=True, slots=True)
class Received:
    """One workbook that came in, and what is known of it.

    Attributes:
        avsandare: the förvaltning's name, 'Budgetregister 2026', or 'Okänd avsändare'.
        forvaltning: its code; '' for others.
        period: None when the workbook did not tell.
        version: its number among the versions for the period; 0 for one that is only checked and not registered.
        mottagen: when, local time; None for one that is only checked.
        vag: the way it came in, and the address that mailed it; '' when nothing is known.
        val: which version of the return counts and why; '' when there is just one.
        svarar_pa: version and sha256 of the return that it answers, '' when none.
        godkand: whether it counts (would count).
    """

    fil: str
    sha256: str
    avsandare: str
    godkand: bool
    forvaltning: str = ""
    period: Period | None = None
    version: int = 0
    mottagen: dt.datetime | None = None
    svarar_pa: str = ""
    vag: str = ""
    val: str = ""


@dataclass(frozen=True, slots=True)
class Frist:
    """Until when the return can be mended: the due day in words, and whether it has passed; '' when no day is known."""

    text: str
    passerad: bool = False


@dataclass(frozen=True, slots=True)
class FyndRad:
    """One finding as it is read: the cell, what stood there, what is wrong; ``text``: the last two in a letter's line."""

    cell: str
    varde: str
    regel: str
    text: str


@dataclass(frozen=True, slots=True)
class FyndSlag:
    """The findings of one code on one sheet that have the same advice.

    Attributes:
        plats: 'Blad "Drift", cell F17', or for several 'Blad "Drift", 30 ställen'.
        regel: what is wrong, where it is the same for all; '' where each row says its own.
        visar_varde: whether anything stood in any of the cells.
        fynd: every one of them, in their order.
    """

    kod: str
    titel: str
    plats: str
    regel: str
    atgard: str
    visar_varde: bool
    fynd: tuple[FyndRad, ...]


@dataclass(frozen=True, slots=True)
class FyndGrupp:
    """The findings of one severity. ``fler`` says how many a letter leaves out; '' when none."""

    id: str
    rubrik: str
    betydelse: str
    slag: tuple[FyndSlag, ...]
    i_brev: tuple[FyndSlag, ...]
    fler: str


@dataclass(frozen=True, slots=True)
class Kvittens:
    """A receipt, ready to be placed on a page or in a letter. ``uppgifter``: label and text of what is known of the file."""

    kommun: str
    marke: str
    accentfarg: str
    rubrik: str
    besked: str
    besked_text: str
    stoppad: bool
    ingress: str
    uppgifter: tuple[tuple[str, str], ...]
    steg: tuple[str, ...]
    grupper: tuple[FyndGrupp, ...]


def build_receipt(
    received: Received,
    findings: Sequence[Finding],
    kommun: Kommun,
    titles: Mapping[str, str],
    frist: Frist,
    rattelsebok: str = "",
) -> Kvittens:
    """The receipt of one workbook.

    Args:
        titles: what each code is called.
        rattelsebok: file name of the rättelsebok that goes with it; '' when there is none.
    """
    stopped = not received.godkand
    explained = any(finding.severity is Severity.FORKLARAS for finding in findings)
    besked, text = _verdict(stopped=stopped, explained=explained, checked=received.version == 0)
    month = f", {received.period.text}" if received.period else ""
    return Kvittens(
        kommun=kommun.namn,
        marke=kommun.marke,
        accentfarg=kommun.profil.accentfarg,
        rubrik=f"Kvittens: {received.avsandare}{month}",
        besked=besked,
        besked_text=text,
        stoppad=stopped,
        ingress=_counted(findings),
        uppgifter=_facts(received, rattelsebok),
        steg=_steps(frist, rattelsebok, unread_sheets(findings), stopped=stopped, explained=explained),
        grupper=tuple(_groups(findings, titles)),
    )


def answer_subject(kvittens_text: str, *, accepted: bool, before: str = "") -> str:
    """What the mail with a kvittens is called: its first line, and the verdict; ``before``: the verdict that was told before.

    Example:
        >>> answer_subject("Kvittens: Tekniska förvaltningen, april 2026\\nExempelby", accepted=False)
        'Kvittens: Tekniska förvaltningen, april 2026: stoppad'
    """
    first = kvittens_text.partition("\n")[0]
    return f"{one_line(first)}: {'nytt besked, ' if before else ''}{_word(accepted=accepted)}"


def verdict_of(findings: Sequence[Finding], chosen: str, *, accepted: bool) -> str:
    """What a sender has been told, so that another verdict is told again and the same is not: 'godkand:' or 'stoppad:' and a hash.

    It stands on whether the return counts, on the code and place of every finding, and on a person's choice of version
    (``chosen``); not on how any of it is worded.
    """
    listed = sorted((one.severity.value, one.code, one.sheet, one.cell) for one in findings)
    digest = hashlib.sha256(repr((listed, chosen)).encode()).hexdigest()[:16]
    return f"{_ACCEPTED if accepted else 'stoppad'}:{digest}"


def again_text(kvittens_text: str, before: str, *, accepted: bool) -> str:
    """The letter about a return whose verdict has changed since its kvittens: what was said, what is said now, and the new kvittens.

    Args:
        before: ``verdict_of`` what was told.
    """
    was, now = _word(accepted=before.partition(":")[0] == _ACCEPTED), _word(accepted=accepted)
    news = (
        f"Då: {was}. Nu: {now}."
        if was != now
        else f"Returen är {now} nu som då, men fynden eller valet av version har ändrats."
    )
    return f"Det här är ett nytt besked om en retur som ni har fått kvittens på förut. {news}\n\n{kvittens_text}"


def _word(*, accepted: bool) -> str:
    return "godkänd" if accepted else "stoppad"


def answer_without_file(felkod: Felkod, amne: str, kommun: Kommun) -> tuple[str, str]:
    """Subject and text of the answer to a mail that had no file to take in."""
    finding = felkod.finding()
    about = one_line(amne)
    text = f"{kommun.namn}\n\nErt brev har kommit fram, men ingen retur har tagits emot ur det. {finding.message} {finding.advice}\n"
    return f"Kvittens: {about or 'brev'}: ingen retur", f"{text}\nMer om koden: rodatraden forklara {finding.code}\n"


def needs_correction(findings: Sequence[Finding]) -> bool:
    """True when something stops or must be explained, so that a rättelsebok is called for."""
    return any(finding.severity is not Severity.NOTERING for finding in findings)


def as_json(
    received: Received, findings: Sequence[Finding], titles: Mapping[str, str], rattelsebok: str
) -> dict[str, Any]:
    """One receipt for other programs. Names and forms stay the same within ``JSON_VERSION``; null where something is not known."""
    return {
        "fil": received.fil,
        "sha256": received.sha256,
        "forvaltning": received.forvaltning or None,
        "period": str(received.period) if received.period else None,
        "godkand": received.godkand,
        "antal": {severity.value: _count(findings, severity) for severity in Severity},
        "fynd": [
            {
                "kod": finding.code,
                "titel": titles.get(finding.code, ""),
                "allvar": finding.severity.value,
                "blad": finding.sheet or None,
                "cell": finding.cell or None,
                "varde": finding.found or None,
                "meddelande": finding.message,
                "atgard": finding.advice,
            }
            for finding in findings
        ],
        "rattelsebok": rattelsebok or None,
    }


def _verdict(*, stopped: bool, explained: bool, checked: bool) -> tuple[str, str]:
    """The verdict in a word and in a sentence."""
    if stopped:
        return "Stoppad", "Returen skulle stoppas." if checked else "Returen är stoppad och räknas inte."
    if explained:
        tail = "men något ska förklaras."
        return (
            "Godkänd, ska förklaras",
            f"Returen skulle godkännas, {tail}" if checked else f"Returen är godkänd, {tail}",
        )
    return "Godkänd", "Returen skulle godkännas." if checked else "Returen är godkänd."


def _count(findings: Sequence[Finding], severity: Severity) -> int:
    return sum(finding.severity is severity for finding in findings)


def _counted(findings: Sequence[Finding]) -> str:
    """'2 stoppar, 1 ska förklaras, 3 noteringar.'"""
    words = {
        Severity.STOPPAR: ("stoppar", "stoppar"),
        Severity.FORKLARAS: ("ska förklaras", "ska förklaras"),
        Severity.NOTERING: ("notering", "noteringar"),
    }
    parts = [f"{count} {words[severity][count > 1]}" for severity in Severity if (count := _count(findings, severity))]
    return f"{', '.join(parts)}." if parts else "Inga fynd."


def _facts(received: Received, rattelsebok: str) -> tuple[tuple[str, str], ...]:
    facts = [
        ("Fil", received.fil),
        ("Mottagen", f"{received.mottagen:%Y-%m-%d kl. %H.%M}" if received.mottagen else "Bara kontrollerad, inte mottagen"),
        ("Väg in", received.vag),
        ("Version", str(received.version) if received.version else ""),
        ("Räknas", received.val),
        ("Rättar", received.svarar_pa),
        ("Filens sha256", received.sha256),
        ("Rättelsebok", rattelsebok),
    ]  # fmt: skip
    return tuple((label, text) for label, text in facts if text)


def _steps(frist: Frist, rattelsebok: str, unread: Sequence[str], *, stopped: bool, explained: bool) -> tuple[str, ...]:
    """What to do next, in order."""
    if not stopped and not explained:
        return ("Inget mer behöver göras.",)
    mend = "Rätta det som stoppar" if stopped else "Skriv orsak och åtgärd på bladet Kommentarer"
    if not rattelsebok:
        first: tuple[str, ...] = (f"{mend}, så som det står vid varje fynd nedan.",)
        what = "filen"
    else:
        first = (
            f"Öppna rättelseboken {rattelsebok}. Era uppgifter står redan i den, och varje cell i listan är färgad och har en kommentar.",
            *((unread_text(unread),) if unread else ()),
            f"{mend}. Bladet Att rätta har en länk till varje cell.",
        )
        what = "rättelseboken"
    return (*first, _by_when(frist, what))


def _by_when(frist: Frist, what: str) -> str:
    if not frist.text:
        return f"Spara och skicka in {what} så snart ni kan."
    if frist.passerad:
        return f"Spara och skicka in {what} så snart ni kan. Sista dag var {frist.text}."
    return f"Spara och skicka in {what} senast {frist.text}."


def _groups(findings: Sequence[Finding], titles: Mapping[str, str]) -> list[FyndGrupp]:
    groups = []
    for severity, (heading, meaning) in _GROUPS.items():
        those = [finding for finding in findings if finding.severity is severity]
        if those:
            slag = tuple(_slag(alike, titles) for alike in gathered(those, lambda one: one))
            left = len(those) - MAX_IN_LETTER
            more = f"… och {left} till. Alla står i kvittensens webbsida." if left > 0 else ""
            key = {Severity.STOPPAR: "stoppar", Severity.FORKLARAS: "forklaras"}.get(severity, "noteringar")
            groups.append(FyndGrupp(key, f"{heading} ({len(those)})", meaning, slag, tuple(_in_letter(slag)), more))
    return groups


def _in_letter(slag: Sequence[FyndSlag]) -> Iterator[FyndSlag]:
    """The first so many findings that a letter holds."""
    room = MAX_IN_LETTER
    for one in slag:
        if room > 0:
            yield replace(one, fynd=one.fynd[:room])
        room -= len(one.fynd)


def _slag(alike: Sequence[Finding], titles: Mapping[str, str]) -> FyndSlag:
    first = alike[0]
    place = place_text(first.sheet, first.cell if len(alike) == 1 else "")
    if len(alike) > 1:
        place = ", ".join(part for part in (place or "filen", f"{len(alike)} ställen") if part)
    rule = shared([finding.message for finding in alike])
    return FyndSlag(
        kod=first.code,
        titel=titles.get(first.code, ""),
        plats=f"{place[:1].upper()}{place[1:]}" if place else "Hela filen",
        regel=one_line(rule, limit=1000),
        atgard=one_line(first.advice, limit=1000),
        visar_varde=any(finding.found for finding in alike),
        fynd=tuple(_row(finding, rule, MAX_FOUND if len(alike) == 1 else MAX_AMONG) for finding in alike),
    )


def _row(finding: Finding, rule: str, limit: int) -> FyndRad:
    """One finding; its message where it is not that of all (``rule``)."""
    message = "" if rule else one_line(finding.message, limit=1000)
    found = one_line(finding.found, limit) or ("tomt" if finding.cell else "")
    is_told = not finding.found or _bare(finding.found) in _bare(message)
    stood = "" if message and is_told else f"Där står: {found}" if message else found
    place = cell_text(finding.sheet, finding.cell) or ("Hela bladet" if finding.sheet else "Hela filen")
    return FyndRad(place, found, message, f"{message} {stood}".strip())


def _bare(text: str) -> str:
    """A text without spaces and with plain minus signs, so that -246300 is found in −246 300."""
    return _SPACES.sub("", text).replace("\N{MINUS SIGN}", "-")


def one_line(text: str, limit: int = MAX_FOUND) -> str:
    """Text of a cell as it may stand in a letter: on one line, without control characters, not endless. Numbers keep together.

    Example:
        >>> one_line("ca\\n120\\x07")
        'ca 120\ufffd'
    """
    spaced = _BREAKING.sub(" ", text).strip()
    shown = "".join(char if char.isprintable() or char == NBSP else "\ufffd" for char in spaced)
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}…"
