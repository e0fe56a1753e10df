"""``rodatraden jamfor``: two versions or two months side by side, as a web page and as JSON."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from adapters.rendering.comparison import render_comparison
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
        stem = "--".join(f"{one.period}{'' if one.version is None else f'-v{one.version}'}" for one in (before, after))
        (folder / f"{stem}.json").write_text(f"{told}\n", encoding="utf-8")
        (folder / f"{stem}.html").write_bytes(render_comparison(compared))
    for report in compared.rapporter:
        parts = f"{len(report.siffror)} siffror, {len(report.lagen)} lägen, {report.antal_texter} texter skiljer"
        say(f"{report.titel}: {'inget skiljer' if report.is_same else parts}")
    say(f"Regler och miljö: {len(compared.regler)} skiljer. {compared.anmarkning}".rstrip())
    say(f"Sidan: {folder / stem}.html")
    return ExitCode.DONE


def _editions(arguments: argparse.Namespace, period: Period) -> tuple[Led, Led]:
    """The two that the words name: another month, or two versions; without either the month before."""
    if arguments.version:
        first, second = arguments.version
        return Led(period, first), Led(period, second)
    if arguments.med is None:
        return Led(period.previous), Led(period)
    try:
        other = Period.parse(arguments.med)
    except ValueError as error:
        raise UserError(f"{error}.") from error
    before, after = sorted((other, period))
    return Led(before), Led(after)
