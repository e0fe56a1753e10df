"""The tjänsteskrivelse that goes with a settled report: summary, proposed decision, appendices, recipients; as ready text."""

from __future__ import annotations

from dataclasses import dataclass

from data_contracts.kommun import Kommun
from transforms.view_types import Lage, Rapport
from transforms.wording import Wording


@dataclass(frozen=True, slots=True)
class Tjansteskrivelse:
    """The document, top to bottom. ``moment``: ISO time that it is dated by (the report's newest input, never the clock)."""

    kommun: str
    rubrik: str
    till: str
    arende: str
    forslag_rubrik: str
    forslag: tuple[str, ...]
    sammanfattning_rubrik: str
    sammanfattning: tuple[str, ...]
    bilagor_rubrik: str
    bilagor: tuple[str, ...]
    sandlista_rubrik: str
    sandlista: tuple[str, ...]
    underlag: str
    marke: str
    moment: str


def build_tjansteskrivelse(rapport: Rapport, lage: Lage, kommun: Kommun, wording: Wording) -> Tjansteskrivelse:
    """The document for one report: the nämnd's, or kommunstyrelsen's for the kommun's report.

    The sentences of the summary are the report's own, so that the two never say different things.
    """
    text = wording.filled
    namnd = next((one for one in kommun.namnder if one.kod == rapport.kod), None)
    till = text("skrivelse_till_namnd", namnd=namnd.namn) if namnd else text("skrivelse_till_kommun")
    kind = {"rapport": rapport.slag.lower() + "en", "period": rapport.period_text}
    summary = rapport.sektioner[0] if rapport.sektioner else None
    return Tjansteskrivelse(
        kommun=kommun.namn,
        rubrik=text("skrivelse_rubrik"),
        till=till,
        arende=text("skrivelse_arende", titel=rapport.titel),
        forslag_rubrik=text("skrivelse_forslag"),
        forslag=_proposals(rapport, wording, namnd.namn if namnd else "", kind),
        sammanfattning_rubrik=text("skrivelse_sammanfattning"),
        sammanfattning=() if summary is None else tuple(one.text for one in (*summary.meningar, *summary.punkter)),
        bilagor_rubrik=text("skrivelse_bilagor"),
        bilagor=(text("bilaga_pdf", titel=rapport.titel, version=str(lage.version)), text("bilaga_xlsx")),
        sandlista_rubrik=text("skrivelse_sandlista"),
        sandlista=tuple(dict.fromkeys(one.roll for one in kommun.mottagare_av(rapport.kod))),
        underlag=text(
            "skrivelse_underlag",
            titel=rapport.titel,
            version=str(lage.version),
            kort_hash=lage.kort_hash,
            lage=". ".join(lage.signaturer) or lage.tillstand.capitalize(),
        ),
        marke=rapport.marke,
        moment=rapport.underlag_tid,
    )


def _proposals(rapport: Rapport, wording: Wording, namnd: str, kind: dict[str, str]) -> tuple[str, ...]:
    if not namnd:
        return (wording.filled("forslag_kommun", **kind), wording.text("forslag_revisorer"))
    is_the_board = namnd.casefold() == wording.text("skrivelse_till_kommun").casefold()
    first = wording.filled("forslag_styrelse" if is_the_board else "forslag_namnd", namnd=namnd, **kind)
    is_short = any(one.lage == "minus" for one in rapport.nyckeltal[:1])
    return (first, wording.filled("forslag_namnd_underskott", namnd=namnd)) if is_short else (first,)
