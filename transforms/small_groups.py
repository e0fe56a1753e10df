"""Small groups: which cells must be held back in all that is published, so that no group of few persons can be told or computed.

Cells of small groups are held back first (primary). Then, as long as a held back cell follows from the published ones by the declared
sums, one more cell of that computation is held back too (complementary). The arithmetic is exact linear algebra over the declared
relations; values play no part, so that what is held back says nothing of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from math import gcd


class NotProtectable(ValueError):
    """E180: a cell follows from a relation that has no published cell to hold back, as when a relation holds one cell alone."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One value that may be published.

    Attributes:
        key: its identity; a figure id.
        personlig: True when it tells of a group of persons.
        personer: the size of that group; None when it isn't known, and then the cell is held back.
        saknas: True when there is no value: nothing to protect, and nothing to compute with.
        knippe: cells with the same word are held back together, since they tell of each other otherwise than by sums (a share and
            its numerator); '' for none.
        kostnad: among the cells that could be held back as complement the one of least cost is taken: details before totals.
    """

    key: str
    personlig: bool = False
    personer: int | None = None
    saknas: bool = False
    knippe: str = ""
    kostnad: int = 0


@dataclass(frozen=True, slots=True)
class Relation:
    """Σ coefficient · cell = 0: a total and its parts, an avvikelse and its two values. A key without a cell is not published."""

    terms: tuple[tuple[int, str], ...]

    @classmethod
    def total(cls, total: str, parts: Iterable[str]) -> Relation:
        """The total is the sum of the parts."""
        return cls(((-1, total), *((1, part) for part in parts)))


@dataclass(frozen=True, slots=True)
class Suppression:
    """What is held back: ``primary`` for its own sake, ``complementary`` so that nothing of that can be computed."""

    primary: frozenset[str] = frozenset()
    complementary: frozenset[str] = frozenset()

    @property
    def hidden(self) -> frozenset[str]:
        """All that is held back."""
        return self.primary | self.complementary


def suppress(cells: Iterable[Cell], relations: Iterable[Relation], hogst: int) -> Suppression:
    """The cells to hold back: those of groups of at most ``hogst`` persons, and the fewest more that the greedy choice needs.

    A group whose size isn't known is held back. A missing value protects nothing and needs no protection.

    Source: the kommun's configuration (smatal, with its reference); prop. 2002/03:6 and LKBR 11 kap. ("högst tio anställda").

    Args:
        cells: all that would be published, and what they are sums of. A key once.
        relations: the declared sums.
        hogst: the largest group that is held back.
    Raises:
        NotProtectable: E180.
    Example:
        >>> cells = [Cell("kvinnor", True, 120), Cell("man", True, 8), Cell("alla", True, 128, kostnad=1)]
        >>> sorted(suppress(cells, [Relation.total("alla", ["kvinnor", "man"])], hogst=10).hidden)
        ['kvinnor', 'man']
    """
    known = {cell.key: cell for cell in cells}
    primary = _with_bundles({key for key, cell in known.items() if _is_small(cell, hogst)}, known)
    hidden, web = set(primary), _Web(relations)
    connected = sorted(web.reach(hidden)[0], key=lambda relation: sorted(relation.terms))
    unknown = hidden | {
        key for relation in connected for _, key in relation.terms if key not in known or known[key].saknas
    }
    web = _Web(connected)
    told = _told(unknown, connected, hidden)
    while told:
        for key, by in told.items():
            if not by:
                raise NotProtectable(f"E180 {key} går att räkna fram utan någon publicerad uppgift.")
        cheapest = min((known[key] for by in told.values() for key in by), key=lambda cell: (cell.kostnad, cell.key))
        more = _with_bundles({cheapest.key}, known)
        hidden |= more
        unknown |= more
        touched, reached = web.reach(more, unknown)
        told = {key: by for key, by in told.items() if key not in reached} | _told(unknown, touched, hidden)
    return Suppression(frozenset(primary), frozenset(hidden - primary))


def derivable(hidden: Iterable[str], relations: Iterable[Relation], unpublished: Iterable[str] = ()) -> frozenset[str]:
    """The hidden cells that follow from the published ones by the relations; empty when all is well.

    Source: a cell follows exactly when its unit vector lies in the row space of the relations, restricted to what isn't published.
    """
    secret = set(hidden)
    return frozenset(_told(secret | set(unpublished), list(relations), secret))


def _is_small(cell: Cell, hogst: int) -> bool:
    return cell.personlig and not cell.saknas and (cell.personer is None or cell.personer <= hogst)


def _with_bundles(keys: set[str], known: Mapping[str, Cell]) -> set[str]:
    """The keys with all that share a bundle with one of them and have a value."""
    bundles = {known[key].knippe for key in keys} - {""}
    return keys | {key for key, cell in known.items() if cell.knippe in bundles and not cell.saknas}


class _Web:
    """Relations, and which of them each cell stands in."""

    def __init__(self, relations: Iterable[Relation]) -> None:
        self._relations = list(relations)
        self._places: dict[str, list[int]] = {}
        for place, relation in enumerate(self._relations):
            for _, key in relation.terms:
                self._places.setdefault(key, []).append(place)

    def reach(self, keys: Iterable[str], unknown: Set[str] | None = None) -> tuple[list[Relation], set[str]]:
        """The relations that can bear on the keys (those that share a cell with them, with each other and so on), in their order.

        And the cells that were gone through. ``unknown``: through these cells alone, since relations that share none of them are
        eliminated without each other; None for all.
        """
        seen, chosen = set(keys), set[int]()
        waiting = list(seen)
        while waiting:
            for place in self._places.get(waiting.pop(), ()):
                if place not in chosen:
                    chosen.add(place)
                    cells = {key for _, key in self._relations[place].terms}
                    fresh = (cells if unknown is None else cells & unknown) - seen
                    seen |= fresh
                    waiting.extend(fresh)
        return [self._relations[place] for place in sorted(chosen)], seen


_Row = dict[str, int]
"""Coefficients by cell, none of them zero; a row says the same multiplied by any number."""


def _told(unknown: set[str], relations: list[Relation], secret: set[str]) -> dict[str, frozenset[str]]:
    """Each secret cell that the relations tell, with the published cells that it is computed from.

    Gauss–Jordan elimination with pivots among the unknown cells alone: a row left with one unknown cell tells that cell.
    """
    pivots: dict[str, _Row] = {}
    for relation in relations:
        row = _row(relation)
        for key in [key for key in row if key in pivots]:
            _eliminate(key, row, pivots[key])
        pivot = min((key for key in row if key in unknown), default=None)
        if pivot is None:
            continue
        for other in pivots.values():
            if pivot in other:
                _eliminate(pivot, other, row)
        pivots[pivot] = row
    alone = {pivot: row for pivot, row in pivots.items() if not any(key in unknown for key in row if key != pivot)}
    return {pivot: frozenset(row) - {pivot} for pivot, row in alone.items() if pivot in secret}


def _row(relation: Relation) -> _Row:
    row: _Row = {}
    for coefficient, key in relation.terms:
        row[key] = row.get(key, 0) + coefficient
    return {key: value for key, value in row.items() if value}


def _eliminate(key: str, row: _Row, other: _Row) -> None:
    """The row without the cell, in place: so many of it less so many of the other that the cell cancels. Whole numbers, so exact."""
    shared = gcd(row[key], other[key])
    times, scale = row[key] // shared, other[key] // shared
    if scale != 1:
        for each in row:
            row[each] *= scale
    for each, value in other.items():
        left = row.get(each, 0) - times * value
        if left:
            row[each] = left
        else:
            row.pop(each, None)
    if abs(scale) != 1 and row:
        common = gcd(*row.values())
        for each in row:
            row[each] //= common
