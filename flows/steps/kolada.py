"""Kolada's values into the cache: asked for once, kept as they came, and each revision as a new version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from adapters.kolada import Koladaserver, Svar, answer_of, fetch, fetch_group
from data_contracts.kolada import Kolada
from data_contracts.kommun import Kommun
from flows.workplace import Workplace
from transforms.kolada import WITHDRAWN, KoladaVarde, Observation, changed, with_members


class KoladaSaknas(RuntimeError):
    """E763: the kommun or the home says nothing of Kolada, so that nothing is asked. The message is Swedish."""


@dataclass(frozen=True, slots=True)
class Hamtning:
    """What a fetch came to: how many values the answer had, and those that were new, revised and withdrawn."""

    antal: int
    nya: tuple[Observation, ...]
    reviderade: tuple[Observation, ...]
    borttagna: tuple[Observation, ...]


def fetch_kolada(workplace: Workplace, server: Koladaserver | None, now: dt.datetime) -> Hamtning:
    """Ask for every nyckeltal of kommun.yaml, for the kommun and those it compares itself with, and keep what has changed.

    Raises:
        KoladaSaknas: E763. KoladaFel: E760–E762; then nothing has been changed.
    """
    kolada = kolada_of(workplace)
    if server is None:
        raise KoladaSaknas(
            "E763 installningar.yaml har ingen adress till Kolada, så inget hämtas. Lägg till till exempel\n"
            "kolada: {adress: https://api.kolada.se/v3/}\n"
            "eller läs ett sparat svar: rodatraden kolada hamta --fil FIL"
        )
    koder = [tal.kod for tal in kolada.nyckeltal]
    if kolada.jamforelse.grupp is not None:
        _keep_group(workplace, server, kolada.jamforelse.grupp, now)
    svar = fetch(server, koder, _omraden(workplace), range(now.year - kolada.ar, now.year + 1))
    return _keep(workplace, svar, koder, server.adress, now)


def keep_page(workplace: Workplace, page: bytes, name: str, now: dt.datetime) -> Hamtning:
    """Keep a saved answer of Kolada's API (one page, JSON) as if it had been fetched: for a machine without a network.

    What the page does not hold is left as it is: a page is no whole answer.

    Raises:
        KoladaSaknas: E763. KoladaFel: E762, the file has not the shape of the API's answers.
    """
    koder = [tal.kod for tal in kolada_of(workplace).nyckeltal]
    return _keep(workplace, answer_of([page]), (), name, now, wanted=koder)


def _keep_group(workplace: Workplace, server: Koladaserver, grupp: str, now: dt.datetime) -> None:
    """Who belongs to the group now; who has left it is withdrawn, as a value is."""
    svar = fetch_group(server, grupp)
    new = changed(workplace.store.kolada_values(workplace.kommun.kod), svar.observationer, [grupp])
    pages = [workplace.objects.put(page) for page in svar.sidor]
    placed = [(one, pages[svar.sida_of[one.key]] if one.key in svar.sida_of else "") for one in new]
    workplace.store.save_kolada(kommun=workplace.kommun.kod, tid=now, adress=server.adress, nya=placed)


def with_group(workplace: Workplace) -> Kommun:
    """The kommun with the members of its comparison group, as the cache has them."""
    kommun = workplace.kommun
    kolada = with_members(kommun.kolada, workplace.store.kolada_values(kommun.kod), kommun.kommunkod)
    return kommun if kolada is kommun.kolada else kommun.model_copy(update={"kolada": kolada})


def _omraden(workplace: Workplace) -> list[str]:
    """The kommun's own code first, then those it compares itself with."""
    kolada = with_group(workplace).kolada
    compared = kolada.jamforelse.kommuner if kolada is not None else ()
    return [workplace.kommun.kommunkod, *(kommun.kod for kommun in compared)]


def _keep(
    workplace: Workplace, svar: Svar, whole: Sequence[str], source: str, now: dt.datetime, wanted: Sequence[str] = ()
) -> Hamtning:
    """Store the pages and the values that are new, revised or withdrawn. ``whole``: the nyckeltal that the answer is whole for."""
    asked, omraden = set(wanted or whole), set(_omraden(workplace))
    fetched = [one for one in svar.observationer if one.nyckeltal in asked and one.omrade in omraden]
    stored = workplace.store.kolada_values(workplace.kommun.kod)
    new = changed(stored, fetched, whole)
    pages = [workplace.objects.put(page) for page in svar.sidor]
    placed = [(one, pages[svar.sida_of[one.key]] if one.key in svar.sida_of else "") for one in new]
    workplace.store.save_kolada(kommun=workplace.kommun.kod, tid=now, adress=source, nya=placed)
    known = {value.observation.key for value in stored}
    return Hamtning(
        len(fetched),
        tuple(one for one in new if one.key not in known),
        tuple(one for one in new if one.key in known and one.status != WITHDRAWN),
        tuple(one for one in new if one.status == WITHDRAWN),
    )


def kolada_of(workplace: Workplace) -> Kolada:
    """The kommun's part ``kolada``. Raises KoladaSaknas E763 when it has none."""
    if workplace.kommun.kolada is None:
        raise KoladaSaknas(
            "E763 kommun.yaml har ingen del kolada, så det finns inget att hämta. "
            "Lägg till nyckeltal och jämförelsekommuner; docs/handbok beskriver hur."
        )
    return workplace.kommun.kolada


def cached(workplace: Workplace) -> tuple[KoladaVarde, ...]:
    """The newest version of every value in the cache, of the nyckeltal that the kommun asks for now."""
    asked = {tal.kod for tal in kolada_of(workplace).nyckeltal}
    return tuple(v for v in workplace.store.kolada_values(workplace.kommun.kod) if v.observation.nyckeltal in asked)
