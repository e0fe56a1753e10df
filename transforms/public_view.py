"""The public view: what may be published of a closing, computed once. All that is published is built from it and from nothing else.

It holds no raw cell content and no sender's file name; figures of small groups, and those that would tell them, have no value; and a
text with personal data in it is withheld in words. The internal view (``spara``, the stored figures) keeps everything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from data_contracts.kommun import Kommun
from transforms.corrections import AS_ENTERED, CORRECTION
from transforms.figures import BERAKNAD, DIVISOR, GRUPPER, RATTELSE, Figure, FigureIndex
from transforms.follow_up_figures import ENKATER
from transforms.forecast_record import HISTORIK
from transforms.goal_figures import UTFALLSSERIER
from transforms.personal_data import has_personal_data
from transforms.small_groups import Cell, Relation, suppress

UNDANHALLEN = "Texten hålls inne: den kan innehålla personuppgifter."
UNDANHALLEN_RAD = "Rad vars benämning hålls inne"

PERSONAL, ANSTALLDA = "personal", "anstallda"
"""The mått of staff, whose rows are groups of persons, and the serie that says how many they are."""
SVARANDE = "svarande"
"""The serie of a survey that says how many have answered."""
_DIVISIONS = (("kvinnor", "man"), ("hogst_29", "fran_30_till_49", "minst_50"))
_TOTAL = "totalt"
_COUNTED = frozenset({"utfall", "utfall_fg_ar"})
"""The serier of a volume of persons that tell of real persons; a budget or a prognos does not."""
_PLANNED = frozenset({"budget", "periodbudget", "prognos", "fg_prognos", "beslutad_budget"})

EarlierFigure = Callable[[str], Figure | None]


@dataclass(frozen=True, slots=True)
class PublicView:
    """What may be published of one closing.

    Attributes:
        figures: every figure; those held back are ``skyddad`` and without value.
        skyddade: the ids of the figures held back, those of earlier closings too.
        undanhallna: how many written texts are withheld.
        filnamn: the neutral file name of each return, by sha256.
    """

    figures: FigureIndex
    skyddade: frozenset[str]
    undanhallna: int
    filnamn: Mapping[str, str]

    def of(self, figure: Figure | None) -> Figure | None:
        """A figure (of an earlier closing) as it may be published."""
        return None if figure is None else _public(figure, self.skyddade, self.filnamn)


def publish_figures(
    figures: FigureIndex, earlier: EarlierFigure, filnamn: Mapping[str, str], kommun: Kommun
) -> PublicView:
    """The public view of a closing's figures.

    Source: the kommun's configuration (smatal); offentlighets- och sekretesslagen (2009:400) 39 kap.; design rule "two audiences".

    Args:
        earlier: finds figures of earlier closings, which föregående prognos stands on.
        filnamn: neutral file names by sha256; a file that has none is called "retur".
    Raises:
        NotProtectable: E180.
    """
    hidden = hidden_figures(figures, earlier, kommun)
    public = FigureIndex(_public(figure, hidden, filnamn) for figure in figures)
    withheld = {figure.namn for figure in figures if _is_withheld(figure)}
    return PublicView(public, hidden, len(withheld), filnamn)


def hidden_figures(figures: FigureIndex, earlier: EarlierFigure, kommun: Kommun) -> frozenset[str]:
    """The ids of all figures that must be held back: of small groups, and those that would tell them."""
    volumes = {(enhet.kod, volym.kod) for enhet in kommun.enheter for volym in enhet.volymer if volym.personuppgift}
    if not volumes and not any(figure.matt in (PERSONAL, ENKATER) for figure in figures):
        return frozenset()
    cells = {figure.figure_id: _cell(figure, figures, volumes) for figure in figures}
    waiting = [figure_id for figure in figures for _, figure_id in figure.indata if figure_id not in cells]
    beyond: list[Figure] = []
    while waiting:
        figure = earlier(waiting.pop())
        if figure is not None and figure.figure_id not in cells:
            cells[figure.figure_id] = _cell(figure, figures, volumes)
            beyond.append(figure)
            waiting.extend(figure_id for _, figure_id in figure.indata)
    return suppress(cells.values(), _relations([*figures, *beyond], figures), kommun.smatal.hogst_personer).hidden


def _cell(figure: Figure, figures: FigureIndex, volumes: set[tuple[str, str]]) -> Cell:
    """The figure as a cell: whether it tells of persons, of how many, and how dear it is to hold back."""
    personlig, personer, knippe = False, None, ""
    if figure.matt == PERSONAL:
        size = figures.get(figure.enhet, PERSONAL, figure.rad, ANSTALLDA)
        personlig, personer = True, None if size is None else size.varde
        knippe = f"{figure.enhet}/{figure.rad}"
    elif figure.matt == ENKATER and figure.serie in UTFALLSSERIER:
        answered = next((f for f in figures.series(figure.enhet, ENKATER, SVARANDE) if f.rad == figure.rad), None)
        personlig, personer = answered is not None and answered.varde is not None, answered.varde if answered else None
    elif figure.matt == "volymer" and (figure.enhet, figure.rad) in volumes and _base(figure.serie) in _COUNTED:
        personlig, personer = True, None if figure.varde is None else abs(figure.varde) // 10**figure.decimaler
    cost = 1_000_000 if figure.serie in _PLANNED else 100_000 if figure.enhet in GRUPPER or figure.rad == _TOTAL else 0
    if figure.slag != BERAKNAD or figure.matt == PERSONAL:
        cost += min(personer if personer is not None else 1_000, 10_000)
    return Cell(figure.figure_id, personlig, personer, figure.varde is None, knippe, cost)


def _base(serie: str) -> str:
    return serie.removesuffix(AS_ENTERED).removesuffix(CORRECTION)


def _relations(every: Iterable[Figure], figures: FigureIndex) -> list[Relation]:
    """What follows from what: each computed figure from its inputs, and a total of staff from the groups of each division.

    A quotient is no sum, but the third of its three parts follows from the other two all the same: its coefficients are apart from all
    others, so that nothing cancels by chance.
    """
    relations = []
    for number, figure in enumerate(every):
        if figure.indata:
            apart = any(sign == DIVISOR for sign, _ in figure.indata)
            terms = [
                ((3 + 2 * number) * (place + 2) if apart else sign, part)
                for place, (sign, part) in enumerate(figure.indata)
            ]
            relations.append(Relation(((-1, figure.figure_id), *terms)))
        if figure.matt == PERSONAL and figure.rad == _TOTAL and not figure.serie.startswith("andring"):
            for division in _DIVISIONS:
                parts = [figures.get(figure.enhet, PERSONAL, grupp, figure.serie) for grupp in division]
                if all(part is not None for part in parts) and figure.enhet_matt != "%":
                    relations.append(Relation.total(figure.figure_id, [part.figure_id for part in parts if part]))
    return relations


def _public(figure: Figure, hidden: frozenset[str], filnamn: Mapping[str, str]) -> Figure:
    """The figure without raw content and sender's file name, and without value where it is held back."""
    is_hidden = figure.figure_id in hidden
    named = bool(figure.fil) and figure.slag != RATTELSE and figure.matt != HISTORIK
    namn = UNDANHALLEN_RAD if _is_withheld(figure) else figure.namn
    if not (is_hidden or named or figure.ravarde) and namn == figure.namn:
        return figure
    return replace(
        figure,
        varde=None if is_hidden else figure.varde,
        skyddad=is_hidden,
        namn=namn,
        fil=filnamn.get(figure.retur_sha256, "retur") if named else figure.fil,
        ravarde=figure.ravarde if figure.is_not_applicable and not is_hidden else "",
    )


def _is_withheld(figure: Figure) -> bool:
    """True when the row's name is someone's own words and holds personal data."""
    own_words = figure.grupp or figure.serie == "anslagsforandring" or figure.matt == "upphandlingar"
    return bool(own_words) and has_personal_data(figure.namn)


def public_text(text: str) -> str:
    """A written text as it may be published: itself, or the words that it is withheld.

    Example:
        >>> public_text("Ring 0739-12 34 56 för mer."), public_text("Färre barn än väntat.")
        ('Texten hålls inne: den kan innehålla personuppgifter.', 'Färre barn än väntat.')
    """
    return UNDANHALLEN if has_personal_data(text) else text


def neutral_name(forvaltning: str, period: str, version: int) -> str:
    """What a returned file is called in what is published; its own name is the sender's, and may name anyone.

    Example:
        >>> neutral_name("BUF", "2026-04", 2), neutral_name("", "2026", 1)
        ('retur-buf-2026-04-v2.xlsx', 'budgetregister-2026.xlsx')
    """
    subject = f"retur-{forvaltning.lower()}" if forvaltning else "budgetregister"
    return f"{subject}-{period}{f'-v{version}' if version > 1 else ''}.xlsx"
