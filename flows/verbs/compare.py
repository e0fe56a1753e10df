"""``rodatraden jamfor``: two versions or two months side by side, as a web page and as JSON."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from adapters.rendering.comparison import render_comparison
from adapters.store import MANAD, SLAG
from flows.steps.compare import JamforelseFel, Led, compare_editions
from flows.terminal import ExitCode, say
from flows.verbs import UserError, home_of, period_of
from flows.workplace import open_workplace
from transforms.period import Period


def run(arguments: argparse.Namespace) -> ExitCode:
    """Write ``jamforelse/FÖRE--EFTER.html`` and ``.json`` in the home, and tell how much differs."""
    period = period_of(arguments)
    before, after = _editions(arguments, period)
    with open_workplace(home_of(arguments)) as workplace:
        try:
            compared = compare_editions(workplace, before, after, arguments.rapport)
        except JamforelseFel as error:
            raise UserError(str(error)) from error
        told = json.dumps(asdict(compared), ensure_ascii=False, indent=2, sort_keys=True)
        if arguments.json:
            say(told)
            return ExitCode.DONE
        folder = workplace.hem.path / "jamforelse"
        folder.mkdir(exist_ok=True)
        stem = "--".join(map(_name, (before, after)))
        (folder / f"{stem}.json").write_text(f"{told}\n", encoding="utf-8")
        (folder / f"{stem}.html").write_bytes(render_comparison(compared))
    for report in compared.rapporter:
        parts = f"{report.skillnader} skiljer"
        say(f"{report.titel}: {'inget skiljer' if report.is_same else parts}")
    say(f"Regler och miljö: {len(compared.regler)} skiljer. {compared.anmarkning}".rstrip())
    say(f"Sidan: {folder / stem}.html")
    return ExitCode.DONE


def _editions(arguments: argparse.Namespace, period: Period) -> tuple[Led, Led]:
    """The two that the words name: another month, or two versions; without either the month before, for books the year before."""
    asked = (arguments.rapport or "").lower()
    slag = asked if asked in SLAG else MANAD
    if arguments.version:
        first, second = arguments.version
        return Led(period, first, slag), Led(period, second, slag)
    if arguments.med is None:
        before = period.previous if slag == MANAD else Period(period.year - 1, period.month)
        return Led(before, slag=slag), Led(period, slag=slag)
    try:
        other = Period.parse(arguments.med)
    except ValueError as error:
        raise UserError(f"{error}.") from error
    before, after = sorted((other, period))
    return Led(before, slag=slag), Led(after, slag=slag)


def _name(edition: Led) -> str:
    kind = "" if edition.slag == MANAD else f"-{edition.slag}"
    return f"{edition.period}{kind}{'' if edition.version is None else f'-v{edition.version}'}"
