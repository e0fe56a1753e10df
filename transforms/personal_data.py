"""Personal data in free text: what a comment must not hold, since it may be published."""

from __future__ import annotations

import datetime as dt
import re

_PERSONNUMMER = re.compile(
    r"(?<!\d)(?:19|20)?(\d{2})(\d{2})(\d{2})[-+\u2010\u2011\u2012\u2013\u2212 ]?(\d{3})(\d)(?!\d)"
)
_SAMORDNING = 60
"""What a samordningsnummer adds to the day. Source: folkbokföringslagen (1991:481) 18 a §, Skatteverket."""


CONTACT = re.compile(
    r"(?:[\w.+-]+@[\w-]+\.\w{2,}|(?<![\d,.])(?:\+46 ?\(?0?\)?|0)7[02369][ -]?\d(?:[ -]?\d){6}(?!\d)"
    r"|(?<![\d,.§])(?<!§ )0[1-9]\d{0,2} ?[-–\/] ?\d{2,3}(?: ?\d{2}){1,3}(?!\d))"
)
"""Addresses of e-mail and telephone numbers: the pattern of E407 in the contract, which a test holds it to."""


def has_personal_data(text: str) -> bool:
    """True when the text may not be published as it stands: personnummer (E406), or an address or number of a person (E407).

    Source: dataskyddsförordningen (EU) 2016/679 art. 5.1 c; the contract's rules E406 and E407.
    """
    return has_personnummer(text) or CONTACT.search(text) is not None


def has_personnummer(text: str) -> bool:
    """True when the text holds ten or twelve digits that are a personnummer or samordningsnummer: a day that exists, and a check digit.

    Source: folkbokföringslagen (1991:481) 18 §; the check digit by the modulus-10 method over the first nine digits.

    Example:
        >>> has_personnummer("Gäller 121212-1212."), has_personnummer("Beslut 121212-1213.")
        (True, False)
    """
    return any(_is_personnummer(*match.groups()) for match in _PERSONNUMMER.finditer(text))


def _is_personnummer(year: str, month: str, day: str, number: str, check: str) -> bool:
    date = int(day) - _SAMORDNING if int(day) > _SAMORDNING else int(day)
    try:
        dt.date(2000 + int(year), int(month), date)
    except ValueError:
        return False
    digits = f"{year}{month}{day}{number}"
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(digits))
    return (sum(value // 10 + value % 10 for value in doubled) + int(check)) % 10 == 0
