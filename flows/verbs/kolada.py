"""``rodatraden kolada``: fetch the kommun's nyckeltal from Kolada into the cache, or show what is in it. Closings never ask Kolada."""

from __future__ import annotations

import argparse
from pathlib import Path

from flows.steps.kolada import cached, fetch_kolada, keep_page, kolada_of
from flows.terminal import PROGRESS, ExitCode, say
from flows.verbs import UserError, home_of
from flows.workplace import Workplace, now, open_workplace
from transforms.kolada import KoladaVarde, Observation

_SHOWN = 20


def run(arguments: argparse.Namespace) -> ExitCode:
    """Fetch, or show."""
    hem = home_of(arguments)
    with open_workplace(hem) as workplace:
        if arguments.vad == "visa":
            return _show(workplace)
        with PROGRESS.step("Hämtar värden från Kolada"):
            if arguments.fil is None:
                fetched = fetch_kolada(workplace, hem.kolada, now())
            else:
                fetched = keep_page(workplace, _read(arguments.fil), arguments.fil.name, now())
        say(
            f"{fetched.antal} värden i svaret: {len(fetched.nya)} nya, {len(fetched.reviderade)} reviderade, "
            f"{len(fetched.borttagna)} borttagna."
        )
        _list("Reviderade", fetched.reviderade)
        _list("Borttagna", fetched.borttagna)
        say(kolada_of(workplace).erkannande)
    return ExitCode.DONE


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"Filen {path} går inte att läsa: {error.strerror}.") from error


def _list(heading: str, observations: tuple[Observation, ...]) -> None:
    if observations:
        say(f"{heading}:")
    for one in observations[:_SHOWN]:
        say(f"  {one.nyckeltal} {one.omrade} {one.ar} {one.kon}: {one.varde or 'inget värde'}")
    if len(observations) > _SHOWN:
        say(f"  och {len(observations) - _SHOWN} till")


def _show(workplace: Workplace) -> ExitCode:
    """The kommun's own newest value of each nyckeltal, and when Kolada was asked last."""
    kolada, values = kolada_of(workplace), cached(workplace)
    last = workplace.store.last_kolada_fetch(workplace.kommun.kod)
    say("Kolada har inte frågats än." if last is None else f"Kolada frågades senast {last:%Y-%m-%d %H:%M} UTC.")
    own = [value for value in values if value.observation.omrade == workplace.kommun.kommunkod]
    for tal in kolada.nyckeltal:
        newest = _newest([value for value in own if value.observation.nyckeltal == tal.kod])
        text = "inget värde i lagret" if newest is None else _text(newest)
        say(f"  {tal.kod}  {tal.namn}: {text}")
    say(kolada.erkannande)
    return ExitCode.DONE


def _newest(values: list[KoladaVarde]) -> KoladaVarde | None:
    with_value = [value for value in values if value.observation.kon == "T" and value.observation.varde]
    return max(with_value, key=lambda value: value.observation.ar, default=None)


def _text(value: KoladaVarde) -> str:
    revised = f", reviderat från {value.tidigare or 'inget värde'}" if value.is_revised else ""
    number = value.observation.varde.replace(".", ",").replace("-", "\u2212")
    return f"{number} ({value.observation.ar}{revised})"
