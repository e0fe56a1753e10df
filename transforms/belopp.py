"""Money: whole öre in, text out. The only place where amounts are parsed, rounded and written.

Decimal lives only inside the parsing. tkr and mnkr exist only as text, rounded once, half away from zero, from exact öre.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from transforms.raw_retur import CellKind, RawCell

ORE_PER_UNIT = {"kr": 100, "tkr": 100_000, "mnkr": 100_000_000}
MINUS = "\u2212"
NBSP = "\u00a0"

_SPACES = re.compile(r"[\u0020\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t]")
_MINUSES = re.compile(r"[\u2212\u2010\u2011\u2012\u2013\u2014\ufe63\uff0d]")
_NUMBER = re.compile(r"-? ?(?:[0-9]{1,3}(?: [0-9]{3})+|[0-9]+)(?:,[0-9]+)?")
_LIMIT_ORE = 10**15


_NOT_APPLICABLE = frozenset({"ej tillämpligt", "ej tillämplig", "ej tillämpliga"})


class NotANumber(ValueError):
    """A cell that can't be read as a number. ``code`` is E201–E207; ``found`` is the content as it stood."""

    def __init__(self, code: str, found: str) -> None:
        super().__init__(f"{code}: {found}")
        self.code = code
        self.found = found


def parse_number(cell: RawCell) -> Decimal | None:
    """The exact number in a cell, or None when the cell is empty.

    Text is understood with any kind of space as thousands separator, decimal comma, and U+2212, hyphen or en dash as minus.
    Numbers are taken with Excel's own precision of 15 significant digits.

    Raises:
        NotANumber: E201 text that is no number, E203 error cell, E204 formula without stored value, E205 date or true/false,
            E207 a lone dash.
    Example:
        >>> parse_number(RawCell("B2", CellKind.TEXT, "\u2013 1\u00a0234,5"))
        Decimal('-1234.5')
    """
    if cell.kind is CellKind.TOM:
        return None
    if cell.kind is CellKind.FEL:
        raise NotANumber("E203", cell.text)
    if cell.kind is CellKind.FORMEL_UTAN_VARDE:
        raise NotANumber("E204", cell.formula)
    if cell.kind in (CellKind.DATUM, CellKind.SANT):
        raise NotANumber("E205", cell.text)
    if cell.kind is CellKind.TAL:
        if cell.number is None:
            raise NotANumber("E201", cell.text)
        return cell.number
    text = _MINUSES.sub("-", _SPACES.sub(" ", cell.text)).strip()
    if not text:
        return None
    if text == "-":
        raise NotANumber("E207", cell.text)
    if not _NUMBER.fullmatch(text):
        raise NotANumber("E201", cell.text)
    return Decimal(text.replace(" ", "").replace(",", "."))


def is_not_applicable(text: str) -> bool:
    """True when a number cell says "ej tillämpligt": there is nothing to report, which is neither zero nor a missing value.

    Example:
        >>> is_not_applicable(" Ej tillämpligt "), is_not_applicable("")
        (True, False)
    """
    return " ".join(text.split()).casefold() in _NOT_APPLICABLE


def to_ore(number: Decimal, unit: str) -> tuple[int, bool]:
    """The number in whole öre, and whether it had to be rounded (half away from zero) to get there.

    Raises:
        NotANumber: E202 the amount is larger than ±10¹³ kronor and can't be meant.
    """
    exact = number * ORE_PER_UNIT[unit]
    if abs(exact) > _LIMIT_ORE:
        raise NotANumber("E202", str(number))
    whole = exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return int(whole), whole != exact


def from_ore(ore: int, unit: str) -> Decimal:
    """Whole öre as an exact number of kr, tkr or mnkr, for a cell."""
    return Decimal(ore) / ORE_PER_UNIT[unit]


def scaled(number: Decimal, decimals: int) -> tuple[int, bool]:
    """A volume in its smallest unit (10^−decimals), and whether it had to be rounded to get there."""
    exact = number.scaleb(decimals)
    if abs(exact) > _LIMIT_ORE:
        raise NotANumber("E202", str(number))
    whole = exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return int(whole), whole != exact


def divide_half_away(value: int, divisor: int) -> int:
    """value / divisor rounded to a whole number, half away from zero."""
    quotient, rest = divmod(abs(value), divisor)
    if 2 * rest >= divisor:
        quotient += 1
    return -quotient if value < 0 else quotient


def _grouped(whole: int, decimals: int) -> str:
    """A whole number of 10^−decimals as Swedish text."""
    digits = f"{abs(whole):0{decimals + 1}d}"
    integer, fraction = (digits[:-decimals], digits[-decimals:]) if decimals else (digits, "")
    text = f"{int(integer):,}".replace(",", NBSP) + (f",{fraction}" if fraction else "")
    return f"{MINUS}{text}" if whole < 0 else text


def belopp_text(ore: int, unit: str, *, plus: bool = False) -> str:
    """An amount as printed: kr with two decimals, tkr as integers, mnkr with one decimal.

    Rounded once, half away from zero. With ``plus`` a positive amount carries its +.

    Example:
        >>> belopp_text(-123_456_700_000, "tkr")
        '\u22121\\xa0234\\xa0567'
    """
    divisor, decimals = {"kr": (1, 2), "tkr": (100_000, 0), "mnkr": (10_000_000, 1)}[unit]
    whole = divide_half_away(ore, divisor)
    text = _grouped(whole, decimals)
    return f"+{text}" if plus and whole > 0 else text


def antal_text(value: int, decimals: int, *, plus: bool = False) -> str:
    """A volume as printed, with its declared number of decimals."""
    text = _grouped(value, decimals)
    return f"+{text}" if plus and value > 0 else text


def decimal_text(value: Decimal, decimals: int) -> str:
    """An exact number as printed, rounded once, half away from zero, to that many decimals.

    Example:
        >>> decimal_text(Decimal("95.25"), 1)
        '95,3'
    """
    return antal_text(scaled(value, decimals)[0], decimals)


def procent_text(bp: int, *, plus: bool = False) -> str:
    """Hundredths of a percent as printed, one decimal: 215 → '2,2 %'."""
    whole = divide_half_away(bp, 10)
    text = _grouped(whole, 1) + NBSP + "%"
    return f"+{text}" if plus and whole > 0 else text


def rounds_to_sum(parts: list[int], total: int, unit: str) -> bool:
    """True when the printed parts add up to the printed total, so that no note on rounding is needed."""
    divisor = {"kr": 1, "tkr": 100_000, "mnkr": 10_000_000}[unit]
    return sum(divide_half_away(part, divisor) for part in parts) == divide_half_away(total, divisor)


def exact_text(ore: int, unit: str) -> str:
    """An amount in its unit with every öre it holds and no more decimals than that: 123 456 700 öre in tkr → '1 234,567'.

    For messages, where a rounded amount could look equal to the one it differs from.
    """
    decimals = {"kr": 2, "tkr": 5, "mnkr": 8}[unit]
    integer, _, fraction = _grouped(ore, decimals).partition(",")
    fraction = fraction.rstrip("0")
    return f"{integer},{fraction}" if fraction else integer
