"""``rodatraden kontrollera``: what would happen to these workbooks if they came in now. Nothing is stored."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from flows.home import CHECKOUT, Hem, Hemfel, make_home, open_home
from flows.terminal import PROGRESS, ExitCode, say, say_error
from flows.verbs import UserError
from flows.warm_up import collect_garbage_rarely
from flows.workplace import now, open_workplace
from transforms.period import Period
from transforms.receipt import JSON_VERSION


def run(arguments: argparse.Namespace) -> ExitCode:
    """Check the files and print a receipt for each. 1 when some file would be stopped."""
    collect_garbage_rarely()
    files = [_content(path) for path in arguments.filer]
    with PROGRESS.step("Läser in programmet"):
        from adapters.workbook_reader import child

        child.warm_up()
        from adapters.contract_engine import warm_up
        from adapters.rendering.receipt import receipt_text
        from flows.steps.control import control, unwritten

        warm_up()
    with (
        PROGRESS.step(f"Kontrollerar {len(files)} {'fil' if len(files) == 1 else 'filer'}"),
        _home(arguments.kommun, files) as hem,
        open_workplace(hem) as own,
        unwritten(own) as workplace,
    ):
        awaited = Period.containing(now().date()).previous
        controlled = control(
            workplace, files, awaited, with_corrections=arguments.rattelse is not None, done=PROGRESS.within
        )
    if arguments.rattelse is not None:
        arguments.rattelse.mkdir(parents=True, exist_ok=True)
        for one in controlled:
            if one.rattelsebok is not None:
                (arguments.rattelse / one.rattelsebok_namn).write_bytes(one.rattelsebok)
    if arguments.json:
        whole = {"version": JSON_VERSION, "kvittenser": [one.as_json() for one in controlled]}
        say(json.dumps(whole, ensure_ascii=False, indent=1))
    else:
        say(f"\n{'=' * 76}\n\n".join(receipt_text(one.kvittens) for one in controlled).rstrip())
    stopped = sum(not one.received.godkand for one in controlled)
    if stopped:
        say_error(f"{stopped} av {len(controlled)} filer skulle stoppas.")
    return ExitCode.FINDINGS if stopped else ExitCode.DONE


def _content(path: Path) -> tuple[str, bytes]:
    try:
        return path.name, path.read_bytes()
    except OSError as error:
        raise UserError(f"{path} går inte att läsa ({error.strerror}). Ange en eller flera filer.") from error


@contextmanager
def _home(named: Path | None, files: Sequence[tuple[str, bytes]]) -> Iterator[Hem]:
    """The home that the words name; without one, a home for the moment of the example kommun that the workbooks are made for."""
    try:
        home = open_home(named)
    except Hemfel as error:
        example = _example_of(files) if named is None else None
        if example is None:
            raise UserError(str(error)) from error
        say_error(
            f"Inget kommunhem här: kontrollerar mot exemplet {example.name}, utan budgetregister och tidigare månader."
        )
        with tempfile.TemporaryDirectory() as folder:
            yield make_home(Path(folder) / example.name, example)
        return
    yield home


def _example_of(files: Sequence[tuple[str, bytes]]) -> Path | None:
    """The example configuration of the kommun that a workbook says it comes from, or None."""
    from adapters.contract_files import load_contract, load_felkoder
    from adapters.workbook_reader import read_workbook
    from transforms.conversion import read_start

    examples = {path.parent.name: path.parent for path in (CHECKOUT / "kommuner").glob("*/kommun.yaml")}
    for name, content in files:
        start = read_start(read_workbook(content, name, load_contract("manadsretur"), load_felkoder()))
        if "kommun_kod" in start and start["kommun_kod"].text.strip() in examples:
            return examples[start["kommun_kod"].text.strip()]
    return None
