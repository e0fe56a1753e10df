"""Kolada's API, through koladapy: asks for values, keeps every page of the answer as it came, and trusts no shape.

koladapy is made to be polite (paging, a pause between calls, 429). What it leaves is done here: it goes silent when one of several
batches fails, so that it is never given more than one batch at a time; it gives up at once on a server error, which is tried again; it
sleeps as long as the server says, which is bounded; and a Retry-After that is a date stops it. Source: docs/beslut/0018-kolada.md.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import json
import logging
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from transforms.kolada import SERIER, Observation, membership

BATCH = 25
"""So many ids at once, as the API takes."""
TRIES = 3
LONGEST_WAIT_S = 90
"""A longer Retry-After than this is told of instead of waited for."""
_TOO_MANY = 429


class KoladaFel(RuntimeError):
    """Kolada could not be asked (E760–E763). The message is Swedish and says what to do."""


@dataclass(frozen=True, slots=True)
class Svar:
    """A whole answer. ``sidor``: every page's bytes as they came. ``sida_of``: by observation, the index of its page."""

    observationer: tuple[Observation, ...]
    sidor: tuple[bytes, ...]
    sida_of: Mapping[tuple[str, str, int, str], int]


@dataclass(frozen=True, slots=True)
class Koladaserver:
    """Where the API is, and how it is asked."""

    adress: str
    anrop_per_sekund: float = 5.0
    paus_s: float = 2.0


def fetch(server: Koladaserver, nyckeltal: Sequence[str], omraden: Sequence[str], years: Sequence[int]) -> Svar:
    """All values of these nyckeltal for these kommuner and years.

    Raises:
        KoladaFel: E760, the API can't be reached or refuses; E761, it asks us to wait too long; E762, the answer has an unknown shape.
    """
    pages: list[bytes] = []
    api = _client(server, pages)
    for kpis in _batches(nyckeltal):
        for areas in _batches(omraden):
            for span in _batches([str(year) for year in years]):
                _ask(server, api, kpis, areas, [int(year) for year in span], pages)
    return answer_of(pages)


def fetch_group(server: Koladaserver, grupp: str) -> Svar:
    """The members of one of Kolada's kommungrupper, as memberships (``transforms.kolada.membership``).

    Raises:
        KoladaFel: E760–E762, as ``fetch``.
    """
    from koladapy.exceptions import KoladaAPIError

    pages: list[bytes] = []
    api = _client(server, pages)
    try:
        api.get_municipality_group(grupp)
    except KoladaAPIError as error:
        raise KoladaFel(
            f"E760 Kolada svarade inte på frågan om gruppen {grupp} ({_cause(error)}). Inget har ändrats i lagret. "
            "Kontrollera gruppens beteckning i kommun.yaml och adressen i installningar.yaml."
        ) from error
    return answer_of(pages)


def answer_of(pages: Sequence[bytes]) -> Svar:
    """The values of these pages, each with its page.

    Raises:
        KoladaFel: E762, a page has an unknown shape.
    """
    observations: dict[tuple[str, str, int, str], Observation] = {}
    place: dict[tuple[str, str, int, str], int] = {}
    for number, page in enumerate(pages):
        for one in _observations(page):
            observations[one.key], place[one.key] = one, number
    return Svar(tuple(observations[key] for key in sorted(observations)), tuple(pages), place)


def value_on_page(page: bytes, nyckeltal: str, place: str) -> str | None:
    """The value that a stored page holds at 'kommun/year/gender', as text; None when it is not there.

    Raises:
        KoladaFel: E762, the bytes are no such page.
    """
    for one in _observations(page):
        if (one.nyckeltal, f"{one.omrade}/{one.ar}/{one.kon}") == (nyckeltal, place):
            return one.varde
    return None


def _batches(ids: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(ids), BATCH):
        yield list(ids[start : start + BATCH])


def _client(server: Koladaserver, pages: list[bytes]) -> Any:
    """koladapy's client, quiet, with every good page kept and every 429 looked at before it is obeyed."""
    os.environ.setdefault("TQDM_DISABLE", "1")
    from koladapy import KoladaAPI

    logging.getLogger("koladapy").propagate = False
    logging.getLogger("koladapy").addHandler(logging.NullHandler())
    adress = server.adress if server.adress.endswith("/") else f"{server.adress}/"
    api = KoladaAPI(base_url=adress, timeout=60, max_requests_per_second=server.anrop_per_sekund, max_batch_size=BATCH)

    def look(response: Any, **_: object) -> Any:
        if response.status_code == _TOO_MANY:
            response.headers["Retry-After"] = str(_wait_s(response.headers.get("Retry-After")))
        elif response.ok:
            pages.append(response.content)
        return response

    api.session.hooks["response"].append(look)
    return api


def _wait_s(header: str | None) -> int:
    """Whole seconds to wait, from a number or a date; KoladaFel E761 when that is too long."""
    text = (header or "").strip()
    if text.isdigit():
        wait = int(text)
    else:
        try:
            until = email.utils.parsedate_to_datetime(text)
            wait = max(0, round((until - dt.datetime.now(dt.UTC)).total_seconds()))
        except (TypeError, ValueError):
            wait = 5
    if wait > LONGEST_WAIT_S:
        raise KoladaFel(
            f"E761 Kolada ber oss vänta {wait} sekunder innan nästa fråga. Inget har ändrats i lagret. "
            "Kör rodatraden kolada hamta igen senare."
        )
    return wait


def _ask(
    server: Koladaserver, api: Any, kpis: list[str], areas: list[str], years: list[int], pages: list[bytes]
) -> None:
    """One batch, tried again after a server error or a broken connection; the pages of a failed try are dropped."""
    from koladapy.exceptions import KoladaAPIError

    before = len(pages)
    for attempt in range(1, TRIES + 1):
        try:
            api.get_values(kpi_id=kpis, municipality_id=areas, years=years)
            return
        except KoladaAPIError as error:
            del pages[before:]
            if attempt == TRIES or _is_refusal(error):
                raise KoladaFel(
                    f"E760 Kolada svarade inte på frågan ({_cause(error)}). Inget har ändrats i lagret. "
                    "Kontrollera adressen i installningar.yaml och nätet, och kör rodatraden kolada hamta igen."
                ) from error
            time.sleep(server.paus_s * attempt)


def _is_refusal(error: Exception) -> bool:
    """True for an answer 4xx: the same question gets the same answer."""
    response = getattr(error.__cause__, "response", None)
    return response is not None and 400 <= response.status_code < 500


def _cause(error: Exception) -> str:
    response = getattr(error.__cause__, "response", None)
    return f"HTTP {response.status_code}" if response is not None else type(error.__cause__ or error).__name__


def _observations(page: bytes) -> Iterator[Observation]:
    """The values of one page, every one looked at. A deleted value is as one that is not there."""
    try:
        for item in json.loads(page, parse_constant=_refuse_constant)["values"]:
            if "members" in item:
                yield from _members(item)
                continue
            kpi, area, year = item["kpi"], item["municipality"], item["period"]
            if not (isinstance(kpi, str) and isinstance(area, str) and isinstance(year, int)):
                raise TypeError(f"{kpi!r}, {area!r}, {year!r}")
            for value in item["values"]:
                if not value.get("isdeleted"):
                    number, status = value["value"], value.get("status") or ""
                    if value["gender"] not in SERIER or not isinstance(status, str):
                        raise ValueError(f"{value['gender']!r}")
                    yield Observation(kpi, area, year, value["gender"], _text(number), status)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise KoladaFel(
            f"E762 Koladas svar har en form som programmet inte känner ({type(error).__name__}: {error}). Inget har ändrats i "
            "lagret. Hör av dig till den som förvaltar programmet."
        ) from error


def _members(item: Any) -> Iterator[Observation]:
    """The members of a group, of kommuner alone: a four-digit code."""
    for member in item["members"]:
        kod, namn = member.get("member_id", member.get("id")), member.get("member_title", member.get("title"))
        if not (isinstance(item["id"], str) and isinstance(kod, str) and isinstance(namn, str)):
            raise TypeError(f"{kod!r}, {namn!r}")
        yield membership(item["id"], kod, namn)


def _text(number: object) -> str:
    """The number as the shortest text that means the same, '' for none."""
    if number is None:
        return ""
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise TypeError(f"{number!r} är inget tal")
    return repr(number)


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} är inget tal")
