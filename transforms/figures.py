"""Figures: one value with its key, unit, formula and origin; and the index that finds them.

A figure is immutable. Frames of figures (``schemas.FIGURES``) pass between steps and into the store; inside a step the rows are
``Figure`` objects, since every computed one carries its own inputs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import pandas as pd

from transforms.audit_chain import canonical
from transforms.belopp import divide_half_away, is_not_applicable
from transforms.figure_id import FigureKey
from transforms.schemas import FIGURES

SKATT = "SKATTEFINANSIERAT"
AVGIFT = "AVGIFTSFINANSIERAT"
KOMMUNEN = "KOMMUNEN"
GRUPPER = {
    SKATT: "Summa skattefinansierad verksamhet",
    AVGIFT: "Summa avgiftsfinansierad verksamhet",
    KOMMUNEN: "Totalt kommunen",
}
"""Codes that stand where an enhet's does in a figure id, for the kommun's own sums."""

RESULTAT = "resultat"
RESULTAT_INRAPPORTERADE = "resultat_inrapporterade"

NAMND = "NAMND."


def namnd_grupp(kod: str) -> str:
    """What stands where an enhet's code does in the id of a nämnd's own sum: 'NAMND.KS', since an enhet may have the same code."""
    return f"{NAMND}{kod}"


INLAMNAD, REGISTER, BERAKNAD, HUVUDBOK = "inlamnad", "register", "beraknad", "huvudbok"
RATTAD, RATTELSE = "rattad", "rattelse"
"""A figure with a declared correction, and the correction itself (``transforms.corrections``)."""

DIVISOR = 0
FACTOR = 2
"""Stand where an input's sign does: the sum of the signed inputs is divided, or multiplied, by this one."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. ``varde`` in öre (or 10^−decimaler of the volume's unit); None = uppgift saknas. Columns: ``schemas.FIGURES``."""

    period: str
    enhet: str
    matt: str
    rad: str
    serie: str
    namn: str
    varde: int | None
    slag: str
    enhet_matt: str = "ore"
    decimaler: int = 2
    vardear: int | None = None
    grupp: str = ""
    formel: str = ""
    indata: tuple[tuple[int, str], ...] = ()
    retur_sha256: str = ""
    fil: str = ""
    blad: str = ""
    cell: str = ""
    ravarde: str = ""
    skyddad: bool = False
    """In a public view: the value is held back. Never stored."""

    @property
    def figure_id(self) -> str:
        """The readable, stable id (``transforms.figure_id``)."""
        return str(FigureKey(self.period, self.enhet, self.matt, self.rad, self.serie, self.vardear))

    @property
    def is_not_applicable(self) -> bool:
        """True when the sender wrote "ej tillämpligt" in the cell: there is no such amount, so it is neither missing nor zero."""
        return self.varde is None and is_not_applicable(self.ravarde)

    @property
    def key(self) -> tuple[str, str, str, str, int | None]:
        """enhet, mått, rad, serie, värdeår: the key within one period."""
        return (self.enhet, self.matt, self.rad, self.serie, self.vardear)


_FIELDS = tuple(field.name for field in fields(Figure) if field.name != "skyddad")


def to_frame(figures: Iterable[Figure]) -> pd.DataFrame:
    """Figures as a checked ``schemas.FIGURES`` frame, sorted by id."""
    rows = [
        {
            **{name: getattr(figure, name) for name in _FIELDS},
            "figure_id": figure.figure_id,
            "indata": json.dumps(figure.indata) if figure.indata else "",
        }
        for figure in figures
    ]
    return FIGURES.frame(sorted(rows, key=lambda row: row["figure_id"]))


def from_frame(frame: pd.DataFrame) -> tuple[Figure, ...]:
    """A ``schemas.FIGURES`` frame as figures."""
    FIGURES.check(frame)
    return tuple(Figure(*values) for values in zip(*(_values(frame, name) for name in _FIELDS), strict=True))


def from_row(row: Mapping[str, Any]) -> Figure:
    """One row of ``schemas.FIGURES``, with Python's own values and None where one is missing, as a figure."""
    values = {name: row[name] for name in _FIELDS}
    return Figure(**{**values, "indata": _inputs(row["indata"])})


def _values(frame: pd.DataFrame, name: str) -> list[Any]:
    """A column's values as a figure holds them. Whole columns at a time: a closing has very many figures."""
    column = frame[name].astype(object).where(frame[name].notna(), None).tolist()
    if name == "indata":
        return [_inputs(text) for text in column]
    if name in ("varde", "vardear", "decimaler"):
        return [None if value is None else int(value) for value in column]
    return column


def _inputs(text: str | None) -> tuple[tuple[int, str], ...]:
    return tuple((int(sign), str(figure_id)) for sign, figure_id in json.loads(text)) if text else ()


def figures_hash(frame: pd.DataFrame) -> str:
    """sha256 over every value of a ``schemas.FIGURES`` frame, in its order: what the audit log says that a closing's figures were."""
    digest = hashlib.sha256()
    columns = [[None if pd.isna(value) else value for value in frame[name].astype(object)] for name in FIGURES.columns]
    for values in zip(*columns, strict=True):
        digest.update(
            f"{canonical([value if isinstance(value, str | None) else int(value) for value in values])}\n".encode()
        )
    return digest.hexdigest()


class FigureIndex:
    """Figures of one closing, found by key or by id."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self._by_key = {figure.key: figure for figure in figures}
        self._by_id: dict[str, Figure] = {}
        self._series: dict[tuple[str, str, str], list[Figure]] = {}
        self._own: dict[tuple[str, str], dict[str, Figure]] = {}
        for figure in self:
            self._series.setdefault((figure.enhet, figure.matt, figure.serie), []).append(figure)
            if figure.grupp:
                self._own.setdefault((figure.enhet, figure.matt), {})[figure.rad] = figure

    def __iter__(self) -> Iterator[Figure]:
        return iter(self._by_key.values())

    def __len__(self) -> int:
        return len(self._by_key)

    def get(self, enhet: str, matt: str, rad: str, serie: str, vardear: int | None = None) -> Figure | None:
        """The figure with that key, or None when no such figure is expected."""
        return self._by_key.get((enhet, matt, rad, serie, vardear))

    def by_id(self, figure_id: str) -> Figure | None:
        """The figure with that id, or None."""
        if not self._by_id:
            self._by_id = {figure.figure_id: figure for figure in self}
        return self._by_id.get(figure_id)

    def series(self, enhet: str, matt: str, serie: str) -> tuple[Figure, ...]:
        """Every row's figure of one serie, in the order of the figures."""
        return tuple(self._series.get((enhet, matt, serie), ()))

    def own_rows(self, enhet: str, matt: str) -> tuple[Figure, ...]:
        """One figure for each of the sender's own rows (with ``grupp``), in order of code."""
        rows = self._own.get((enhet, matt), {})
        return tuple(rows[rad] for rad in sorted(rows))


def combine(
    terms: Iterable[tuple[int, Figure | None]],
) -> int | None:
    """Σ sign · value in exact öre; None as soon as one term is missing, or when there is none. Missing is never zero."""
    total: int | None = None
    for sign, figure in terms:
        if figure is None or figure.varde is None:
            return None
        total = (total or 0) + sign * figure.varde
    return total


def operator_text(sign: int) -> str:
    """How an input enters its figure's formula: '+', '−', '÷' or '×'."""
    special = {DIVISOR: "÷", FACTOR: "×"}
    return special.get(sign, "+" if sign > 0 else "\u2212")


def computed_value(terms: Iterable[tuple[int, Figure | None]], enhet_matt: str, decimaler: int) -> int | None:
    """What a figure's inputs give: Σ sign · value, multiplied by those marked FACTOR, divided by the one marked DIVISOR.

    A quotient is rounded once, half away from zero, from exact inputs to 10^−decimaler; in per cent when the unit is '%' and that
    of the inputs is not (a mean of percentages is one already). None as soon as one input is missing, or when the divisor is zero.

    Example:
        >>> hours = dict(period="2026-04", enhet="A", matt="personal", rad="totalt", slag="inlamnad", namn="", decimaler=1)
        >>> sick, all_ = Figure(serie="sjuktid", varde=361966, **hours), Figure(serie="ordinarie_tid", varde=7766358, **hours)
        >>> computed_value([(1, sick), (DIVISOR, all_)], "%", 1)
        47
    """
    listed = list(terms)
    divisors = [figure for sign, figure in listed if sign == DIVISOR]
    signed = [(sign, figure) for sign, figure in listed if sign not in (DIVISOR, FACTOR)]
    total = combine(signed)
    for factor in (figure for sign, figure in listed if sign == FACTOR):
        total = None if total is None or factor is None or factor.varde is None else total * factor.varde
    if not divisors:
        return total
    divisor = divisors[0]
    if total is None or divisor is None or not divisor.varde:
        return None
    places = max(figure.decimaler for _, figure in signed if figure is not None)
    is_share = enhet_matt == "%" and all(figure is None or figure.enhet_matt != "%" for _, figure in signed)
    shift = divisor.decimaler - places + decimaler + (2 if is_share else 0)
    numerator, denominator = (total, divisor.varde) if divisor.varde > 0 else (-total, -divisor.varde)
    return divide_half_away(numerator * 10 ** max(shift, 0), denominator * 10 ** max(-shift, 0))
