"""Trails: from a printed figure to its formula, its inputs and the cells they were read from. The public trail holds no raw content."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache

from data_contracts.kommun import Kommun
from transforms.corrections import AS_ENTERED, CORRECTION
from transforms.figures import GRUPPER, HUVUDBOK, KOMMUNEN, RATTELSE, Figure, FigureIndex, namnd_grupp, operator_text
from transforms.kolada import JAMFORDA, OMRADE
from transforms.matt import MATT, OTHER, RAKENSKAPER, SERIER
from transforms.period import Period
from transforms.view_goals import Punkt
from transforms.view_parts import parts_of
from transforms.view_types import Avvikelsepost, Nyckeltal, Sektion, Spar, SparIndata, Tal
from transforms.views.context import tal

_BOOKS = {KOMMUNEN: "Räkenskaperna", "KONCERNEN": "Den kommunala koncernen"}
"""What the books call the whole, and the koncern."""


def figure_name(figure: Figure, kommun: Kommun) -> str:
    """'Tekniska nämnden, drift, Personalkostnader, prognos helår 2026 (april 2026)'."""
    books = _BOOKS.get(figure.enhet) if figure.matt in RAKENSKAPER else None
    namn = books or _whose(figure.enhet, kommun)
    matt = (MATT[figure.matt].namn if figure.matt in MATT else OTHER.get(figure.matt, figure.matt)).lower()
    serie = serie_name(figure.serie)
    year = f" {figure.vardear}" if figure.vardear is not None else ""
    rad = f", {figure.namn}" if figure.enhet not in GRUPPER or figure.matt in _NAMED_ROWS or books else ""
    return f"{namn}, {matt}{rad}, {serie}{year} ({_period_text(figure.period)})"


@cache
def _period_text(period: str) -> str:
    return Period.parse(period).text


def serie_name(serie: str) -> str:
    """'prognos helår'; 'prognos helår som inlämnad' and 'rättelse av prognos helår' for the parts of a corrected figure."""
    for ending, pattern in ((AS_ENTERED, "{} som inlämnad"), (CORRECTION, "rättelse av {}")):
        if serie.endswith(ending):
            return pattern.format(serie_name(serie.removesuffix(ending)))
    return SERIER.get(serie, serie.replace("_", " ")).lower()


_NAMED_ROWS = ("personal", "arsarbetare", "kolada")
"""Mått whose figures of a whole group have rows of their own."""


def _whose(kod: str, kommun: Kommun) -> str:
    """The name of what stands where an enhet does in a figure id: a group, a nämnd's own sum, an enhet, another kommun of Kolada."""
    if kod in GRUPPER:
        return GRUPPER[kod]
    if kod == JAMFORDA:
        return "Jämförda kommuner"
    named = [*((enhet.kod, enhet.namn) for enhet in kommun.enheter)]
    named += [(namnd_grupp(namnd.kod), namnd.namn) for namnd in kommun.namnder]
    if kommun.kolada is not None:
        named += [(f"{OMRADE}{other.kod}", other.namn) for other in kommun.kolada.jamforelse.kommuner]
    return dict(named).get(kod, kod)


def figure_text(figure: Figure) -> str:
    """The exact value with its unit: '−56 595 000,00 kr', '1 204 barn', or 'uppgift saknas'; 'ej tillämpligt'."""
    if figure.varde is None:
        return tal(figure, "kr").text
    unit = "kr" if figure.enhet_matt == "ore" else figure.enhet_matt
    return f"{tal(figure, 'kr').text}\u00a0{unit}"


def shown_figures(nyckeltal: Iterable[Nyckeltal], sektioner: Iterable[Sektion]) -> set[str]:
    """The ids of all figures that a report prints."""
    ids = {item.varde.figure_id for item in nyckeltal} | {
        t.figure_id for item in nyckeltal for t in _numbers(item.mening.delar)
    }
    for sektion in sektioner:
        for mening in (*sektion.meningar, *sektion.punkter):
            ids |= {t.figure_id for t in _numbers(mening.delar)}
        ids |= {cell.figure_id for tabell in sektion.tabeller for rad in tabell.rader for cell in rad.celler}
        ids |= {text.figure_id for diagram in sektion.diagram for text in diagram.bred.texter}
        ids |= {t.figure_id for post in sektion.rattelser for t in (post.fran, post.till)}
        ids |= {t.figure_id for post in sektion.avvikelser for t in _post_numbers(post)}
        ids |= {part.figure_id for part in parts_of(sektion.mal) if isinstance(part, Tal | Punkt)}
    return ids - {""}


def _numbers(parts: Iterable[str | Tal]) -> list[Tal]:
    return [part for part in parts if isinstance(part, Tal)]


def _post_numbers(post: Avvikelsepost) -> tuple[Tal, ...]:
    return (post.avvikelse, post.budget, post.prognos)


def build_trails(
    shown: set[str],
    figures: FigureIndex,
    kommun: Kommun,
    earlier: Callable[[str], Figure | None],
    made: dict[str, Spar],
) -> tuple[Spar, ...]:
    """The trail of every shown figure and of all it stands on, sorted by id.

    Args:
        earlier: finds a figure of an earlier closing (föregående prognos stands on one).
        made: trails of the same closing that other reports have shown; those made here are laid beside them.
    Raises:
        LookupError: E103, a figure on the way stands in no closing.
    """
    found: dict[str, Figure] = {}
    waiting = sorted(shown)
    while waiting:
        figure_id = waiting.pop()
        if figure_id not in found:
            figure = figures.by_id(figure_id) or earlier(figure_id)
            if figure is None:
                raise LookupError(f"E103 siffran {figure_id} finns inte i någon stängning, så spåret bryts.")
            found[figure_id] = figure
            waiting.extend(input_id for _, input_id in figure.indata)
    new = {figure_id: figure for figure_id, figure in found.items() if figure_id not in made}
    made |= {figure_id: _own_trail(figure_id, figure, kommun) for figure_id, figure in new.items()}
    made |= {figure_id: _with_inputs(made[figure_id], figure, made) for figure_id, figure in new.items()}
    return tuple(made[figure_id] for figure_id in sorted(found))


def _own_trail(figure_id: str, figure: Figure, kommun: Kommun) -> Spar:
    return Spar(
        figure_id=figure_id,
        namn=figure_name(figure, kommun),
        text=figure_text(figure),
        formel=figure.formel,
        teckenregel=MATT[figure.matt].sign_rule(figure.serie.removesuffix(AS_ENTERED)) if figure.matt in MATT else "",
        indata=(),
        kalla=source_text(figure),
        varde=figure.varde,
        enhet="öre" if figure.enhet_matt == "ore" else figure.enhet_matt,
        decimaler=0 if figure.enhet_matt == "ore" else figure.decimaler,
        retur=figure.retur_sha256 if figure.blad else "",
        plats=f"{figure.blad}!{figure.cell}" if figure.blad and figure.cell else "",
    )


def _with_inputs(spar: Spar, figure: Figure, made: Mapping[str, Spar]) -> Spar:
    if not figure.indata:
        return spar
    inputs = ((sign, made[input_id]) for sign, input_id in figure.indata)
    return replace(
        spar,
        indata=tuple(SparIndata(part.figure_id, operator_text(sign), part.namn, part.text) for sign, part in inputs),
    )


def source_text(figure: Figure) -> str:
    """File, sheet, cell and sha256 of an entered figure; '' for computed ones and for those whose return is missing."""
    if not figure.cell:
        return ""
    if figure.slag == RATTELSE:
        return f"fil {figure.fil}, {figure.cell}, sha256 {figure.retur_sha256}"
    if figure.slag == HUVUDBOK:
        return f"fil {figure.fil}, {_few(figure.cell)}, sha256 {figure.retur_sha256}"
    return f"fil {figure.fil}, blad {figure.blad}, cell {figure.cell}, sha256 {figure.retur_sha256}"


_LINES_SHOWN = 12


def _few(lines: str) -> str:
    """The lines of a text file, or the first of many and how many they are."""
    listed = lines.removeprefix("rad ").split(", ")
    if len(listed) <= _LINES_SHOWN:
        return lines
    return f"rad {', '.join(listed[:_LINES_SHOWN])} och {len(listed) - _LINES_SHOWN} till"
