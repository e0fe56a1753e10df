"""The completeness gate: each requirement, where it is met, or that it is missing, or accepted by someone with a reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from data_contracts.bokslutsregler import Krav, Notkrav
from transforms.book_types import Boksektion, Kravpost
from transforms.figures import KOMMUNEN, FigureIndex
from transforms.statements.acceptance import Godtagande

UPPFYLLT, SAKNAS, GODTAGET, EJ_AKTUELLT = "uppfyllt", "saknas", "godtaget", "ej_aktuellt"
LAGEN = {
    UPPFYLLT: "Finns",
    SAKNAS: "Saknas",
    GODTAGET: "Saknas, godtaget",
    EJ_AKTUELLT: "Inte aktuellt",
}
ALLTID, BELOPPET = "alltid", "beloppet"


def judge_requirements(
    krav: Iterable[Krav],
    noter: Iterable[Notkrav],
    rapport: str,
    sektioner: Sequence[Boksektion],
    figures: FigureIndex,
    uppgifter: Iterable[str],
    godtaganden: Mapping[str, Godtagande],
) -> tuple[Kravpost, ...]:
    """Each requirement of the report and of the register of noter, in their order.

    A requirement is met by a section that has content, or by a table, with one of its ids; a table must have the columns that are asked
    for. A note is asked for when its condition holds: always, when the row that it specifies has an amount, or when the kommun's
    configuration says so.

    Source: the requirements' own references (LKBR, RKR R14, R15, R17).
    """
    places = {id: rubrik for id, rubrik, _ in _places(sektioner)}
    columns = {id: kolumner for id, _, kolumner in _places(sektioner)}
    holds = {ALLTID, *uppgifter}
    listed = [
        (
            item.kod,
            item.krav,
            item.referens,
            tuple(id for id in item.mots_av if set(item.kolumner) <= columns.get(id, frozenset())),
            item.villkor in holds,
        )
        for item in krav
        if rapport in item.rapport
    ]
    if rapport == "arsredovisning":
        listed += [
            (
                f"not-{note.kod}",
                f"Not: {note.krav[0].lower()}{note.krav[1:]}",
                note.referens,
                (f"not-{note.kod}",),
                asked,
            )
            for note in noter
            for asked in (note.villkor in holds or (note.villkor == BELOPPET and _has_amount(note, figures)),)
        ]
    return tuple(
        _judged(kod, text, referens, ids, places, godtaganden.get(f"krav:{kod}"), asked=asked)
        for kod, text, referens, ids, asked in listed
    )


def _judged(
    kod: str,
    krav: str,
    referens: str,
    ids: Iterable[str],
    places: Mapping[str, str],
    godtagande: Godtagande | None,
    *,
    asked: bool,
) -> Kravpost:
    found = next((place for place in ids if place in places), "")
    if found:
        return Kravpost(kod, krav, referens, UPPFYLLT, LAGEN[UPPFYLLT], found, places[found])
    lage = EJ_AKTUELLT if not asked else SAKNAS if godtagande is None else GODTAGET
    skal = f"{godtagande.skal} ({godtagande.roll}, {godtagande.tid[:10]})" if lage == GODTAGET and godtagande else ""
    return Kravpost(kod, krav, referens, lage, LAGEN[lage], skal=skal)


def _has_amount(note: Notkrav, figures: FigureIndex) -> bool:
    if note.rad is None:
        return False
    figure = figures.get(KOMMUNEN, note.rad.form, note.rad.rad, "utfall")
    return figure is not None and bool(figure.varde)


def _places(sektioner: Iterable[Boksektion]) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Id and heading of every section with content and every table, and the columns of a table."""
    for sektion in sektioner:
        if sektion.texter or sektion.meningar or sektion.punkter or sektion.tabeller or sektion.kort:
            yield sektion.id, sektion.rubrik, frozenset()
        for tabell in sektion.tabeller:
            yield tabell.id, tabell.rubrik, frozenset(column.kod for column in tabell.kolumner)


def open_requirements(krav: Iterable[Kravpost]) -> tuple[Kravpost, ...]:
    """Those that stand in the way of approval."""
    return tuple(post for post in krav if post.lage == SAKNAS)
