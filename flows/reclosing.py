"""A process of its own that makes one closing again: the program that it is started from may be another than the one that asks.

It is given a home whose store is as it was when the closing was started, and writes the reports and what they came to in a folder.
Nothing of the real home is changed.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from adapters.objects import LayeredObjects
from adapters.rendering import RenderPool, style_hash
from adapters.store import Closing
from flows.home import open_home
from flows.steps.books import build_books, check_books, compute_books
from flows.steps.check import check_returns
from flows.steps.compute import compute
from flows.steps.report import BuiltReport, build_reports
from flows.workplace import Workplace, open_workplace
from transforms.figures import figures_hash
from transforms.period import Period
from transforms.view_types import Lage

RESULT = "resultat.json"


@dataclass(frozen=True, slots=True)
class Uppdrag:
    """What is to be made again.

    Attributes:
        period, slag, fingerprint, started: of the closing.
        objekt: where the real store's objects are, to read.
        rapporter: by kod, the version and state to print.
    """

    period: str
    slag: str
    fingerprint: str
    started: str
    objekt: str
    rapporter: dict[str, tuple[int, str]]


def main(home: str, asked: str, folder: str) -> None:
    """Make the closing of ``asked`` (JSON of ``Uppdrag``) again in ``home``, and lay its reports in ``folder``."""
    order = Uppdrag(**json.loads(asked))
    to = Path(folder)
    hem = open_home(Path(home))
    with open_workplace(hem) as opened:
        workplace = replace(opened, objects=LayeredObjects(hem.objekt, order.objekt))
        closing = _close(workplace, order)
        built = list(_build(workplace, closing, order))
        told = {
            "siffror": figures_hash(workplace.store.load_figures(closing.id)),
            "rapporter": {one.view.kod: _told(one) for one in built},
        }
        lages = [
            Lage(tillstand, version, one.innehallshash)
            for one in built
            for version, tillstand in (order.rapporter[one.view.kod],)
        ]
        with RenderPool(min(hem.processer, len(built) or 1)) as pool:
            jobs = ((one.view, lage) for one, lage in zip(built, lages, strict=True))
            for one, files in zip(built, pool.render(jobs), strict=True):
                for name, content in files.named(one.view.id).items():
                    (to / name).write_bytes(content)
    (to / RESULT).write_text(json.dumps(told), encoding="utf-8")


def _close(workplace: Workplace, order: Uppdrag) -> Closing:
    period, started = Period.parse(order.period), dt.datetime.fromisoformat(order.started)
    if order.slag == "manad":
        check_returns(workplace, period, started)
        return compute(workplace, period, order.fingerprint, started)
    record = check_books(workplace, period, started)
    return compute_books(workplace, record, period, order.slag, order.fingerprint, started)


def _build(workplace: Workplace, closing: Closing, order: Uppdrag) -> Iterable[BuiltReport]:
    if closing.slag == "manad":
        return build_reports(workplace, closing, style_hash(), order.rapporter)
    return (build_books(workplace, closing, closing.slag, style_hash())[0],)


def _told(one: BuiltReport) -> dict[str, str]:
    return {"vy": one.view_key, "innehallshash": one.innehallshash}


if __name__ == "__main__":
    main(*sys.argv[1:])
