"""Is the sick leave of a return plausible? Rows and columns that the contract's rules judge.

Source: the errors that have been seen when agencies report the same measures: shares of the wrong whole, age groups that add up to 100 %,
the total's working time in every group. The limit is the kommun's own (personal.rimlighet in kommun.yaml).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from data_contracts.personal import INDELNINGAR, TOTALT
from transforms.control_sheets import Block, Row, Sheets, int_of, yes_no

_WHOLE_BP = 10_000
_SUMMED = ("anstallda", "ordinarie_tid", "sjuktid", "sjuktid_lang", "ordinarie_tid_fg_ar", "sjuktid_fg_ar")


def is_within(total: Fraction, parts: Sequence[Fraction]) -> bool:
    """True when the share of everyone lies between the lowest and the highest of the groups that everyone is divided into.

    Example:
        >>> is_within(Fraction(71, 1000), [Fraction(73, 1000), Fraction(74, 1000)])
        False
    """
    return min(parts) <= total <= max(parts)


def are_shares_of_a_whole(parts: Sequence[Fraction]) -> bool:
    """True when the groups' shares add up to 100 % within one point: each is then a share of everyone's, not of its own time."""
    return abs(sum(parts, Fraction()) - 1) <= Fraction(1, 100)


def is_plausible(share: Fraction, highest_bp: int) -> bool:
    """True when a share is from 0 to the limit, both included."""
    return 0 <= share <= Fraction(highest_bp, _WHOLE_BP)


def number_rows(sheets: Sheets) -> Iterator[Row]:
    """``personaltal``: every number of the sheets Personal and Årsarbetare, and whether it is there."""
    for block in sheets.blocks("personal", "arsarbetare"):
        for row in block.rows.values():
            for serie in sheets.serier(block.tabell):
                value = int_of(row[serie])
                yield block.place(row, serie) | {"serie": serie, "varde": value}


def group_rows(sheets: Sheets) -> Iterator[Row]:
    """``personalgrupper``: per enhet and group, whether the hours fit each other.

    - ``inom_ordinarie``: sick time is not more than ordinary working time
    - ``lang_inom``: long sick time is not more than sick time
    - ``friska_inom``: those with few sick days are not more than the employed
    - ``rimlig``: the share is at most the kommun's limit
    """
    for block in sheets.blocks("personal"):
        for row in block.rows.values():
            sick, ordinary = int_of(row["sjuktid"]), int_of(row["ordinarie_tid"])
            yield block.place(row, "sjuktid") | {
                "inom_ordinarie": _at_most(sick, ordinary),
                "lang_inom": _at_most(int_of(row["sjuktid_lang"]), sick),
                "friska_inom": _at_most(int_of(row["friska"]), int_of(row["anstallda"])),
                "rimlig": _plausible(sheets, sick, ordinary),
            }


def _at_most(part: int | None, whole: int | None) -> str | None:
    return None if part is None or whole is None else yes_no(part <= whole)


def _plausible(sheets: Sheets, sick: int | None, ordinary: int | None) -> str | None:
    personal = sheets.kommun.personal
    if personal is None or sick is None or not ordinary or sick > ordinary:
        return None
    return yes_no(is_plausible(Fraction(sick, ordinary), personal.rimlighet.sjukfranvaro_hogst_bp))


def division_rows(sheets: Sheets) -> Iterator[Row]:
    """``personalindelningar``: per enhet and division into groups, whether the groups are the total's.

    - ``summerar``: the groups add up to the total, apart by at most so many hours per group as the kommun's limit says
    - ``egen_tid``: the groups have not all the total's ordinary time
    - ``inom_grupperna``: the total's share lies between the lowest and the highest of the groups'
    - ``inte_andelar``: the shares do not add up to about 100 %, as they do when they are shares of everyone's sick time
    """
    for block in sheets.blocks("personal"):
        total = block.rows.get(TOTALT)
        if total is None:
            continue
        for indelning, groups in INDELNINGAR.items():
            parts = [block.rows[grupp] for grupp in groups if grupp in block.rows]
            if len(parts) == len(groups):
                yield block.place(total, "sjuktid") | {
                    "indelning": indelning, "summerar": _adds_up(sheets, block, total, parts),
                    "egen_tid": _own_time(total, parts), **_between(total, parts),
                }  # fmt: skip


def _adds_up(sheets: Sheets, block: Block, total: Row, parts: Sequence[Row]) -> str | None:
    """Judged over the columns where the total and every group have a value; missing when there is none."""
    personal = sheets.kommun.personal
    allowed = personal.rimlighet.timmar_per_del if personal else 0
    verdicts = []
    for serie in _SUMMED:
        whole, values = int_of(total[serie]), [int_of(part[serie]) for part in parts]
        known = [value for value in values if value is not None]
        if whole is None or len(known) != len(parts):
            continue
        scale = 10 ** block_decimals(sheets, block, serie)
        tolerance = 0 if serie == "anstallda" else allowed * len(parts) * scale
        verdicts.append(abs(sum(known) - whole) <= tolerance)
    return yes_no(all(verdicts)) if verdicts else None


def block_decimals(sheets: Sheets, block: Block, serie: str) -> int:
    """The declared decimals of a column of the sheet."""
    return sheets.contract.table(block.tabell).column(serie).decimals or 0


def _own_time(total: Row, parts: Sequence[Row]) -> str | None:
    times = [int_of(part["ordinarie_tid"]) for part in parts]
    whole = int_of(total["ordinarie_tid"])
    if not whole or None in times:
        return None
    return yes_no(any(time != whole for time in times))


def _between(total: Row, parts: Sequence[Row]) -> Row:
    """The checks of the shares themselves, exactly, so that no rounding decides."""
    rows = [(int_of(row["sjuktid"]), int_of(row["ordinarie_tid"])) for row in (total, *parts)]
    shares = [Fraction(sick, ordinary) for sick, ordinary in rows if sick is not None and ordinary]
    if len(shares) != len(rows):
        return {"inom_grupperna": None, "inte_andelar": None}
    return {
        "inom_grupperna": yes_no(is_within(shares[0], shares[1:])),
        "inte_andelar": yes_no(not are_shares_of_a_whole(shares[1:])),
    }
