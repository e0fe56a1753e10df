"""``python -m benchmarks.validation``: many large returns validated as a closing does it, and as three other tools do."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.closing.memory import watch
from benchmarks.validation.plan import plan_of
from benchmarks.validation.returns import make_home, workbooks
from flows.home import CHECKOUT

WAYS = {
    "gx_per_file": ("En GX-svit per blad och fil", ("great-expectations==1.24.1", "pandas==3.1.1", "openpyxl")),
    "frictionless_way": ("frictionless", ("frictionless[excel]",)),
    "datacontract_way": ("datacontract-cli", ("datacontract-cli[duckdb]", "openpyxl")),
}
"""The other ways: what they are called, and what their environment needs."""


def main() -> None:
    """Make the returns, measure each way, print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.validation", description=__doc__)
    parser.add_argument("--returer", type=int, default=300, metavar="N", help="returer i stängningen")
    parser.add_argument(
        "--jamfor", type=int, default=10, metavar="N", help="av dem, till de andra; 0 mäter bara vårt eget"
    )
    parser.add_argument("--json", type=Path, metavar="FIL", help="skriv alla mätvärden till en fil")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="validation-") as folder:
        result = measure(Path(folder), asked.returer, asked.jamfor)
    print("\n".join(rows(result)))
    if asked.json:
        asked.json.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")


def measure(work: Path, number: int, compared: int) -> dict[str, Any]:
    """By way: what it told of itself, with CPU seconds and MB as seen from outside."""
    hem, few = work / "hem", work / "returer"
    make_home(hem)
    few.mkdir()
    for at, (name, content) in enumerate(workbooks(number)):
        (hem / "inkorg" / name).write_bytes(content)
        if at < compared:
            (few / name).write_bytes(content)
    plan = work / "plan.json"
    plan.write_text(json.dumps(plan_of(content)))
    result = {
        "Röda tråden": _watched([sys.executable, "-m", "benchmarks.validation.ours", str(hem), str(number)], work)
    }
    for way, (name, packages) in WAYS.items() if compared else ():
        python = _environment(work / way, packages)
        script = CHECKOUT / "benchmarks" / "validation" / "others" / f"{way}.py"
        result[name] = _watched([str(python), str(script), str(few), str(plan)], work)
    return result


def _watched(command: list[str], work: Path) -> dict[str, Any]:
    told = work / "resultat.json"
    watched = watch([*command, str(told)], CHECKOUT)
    cpu, peak = sum(watched.cpu.values()), watched.peak_mb
    return {**json.loads(told.read_text()), "cpu": cpu, "whole": watched.ended - watched.started, "peak_mb": peak}


def _environment(path: Path, packages: tuple[str, ...]) -> Path:
    """An environment of its own, by uv where there is one, else by venv and pip; its Python."""
    python = path / "bin" / "python"
    if uv := shutil.which("uv"):
        subprocess.run([uv, "venv", "-q", "--python", sys.executable, path], check=True)
        subprocess.run([uv, "pip", "install", "-q", "--compile-bytecode", "--python", python, *packages], check=True)
    else:
        subprocess.run([sys.executable, "-m", "venv", path], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *packages], check=True)
    return python


def rows(result: dict[str, Any]) -> list[str]:
    """The result as Markdown."""
    lines = [
        "| sätt | returer | sekunder | returer per sekund | processorsekunder per retur | mest minne i en process, MB | brister |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, one in result.items():
        files, broken = one["files"], one.get("broken", one.get("findings"))
        numbers = (f"{one['seconds']:.1f}", f"{files / one['seconds']:.2f}", f"{one['cpu'] / files:.2f}")
        words = " | ".join(number.replace(".", ",") for number in numbers)
        lines.append(f"| {name} | {files} | {words} | {max(one['peak_mb'].values())} | {broken} |")
    return lines


if __name__ == "__main__":
    main()
