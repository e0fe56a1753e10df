"""``python -m tests.goldens``: closes the example months, writes every golden anew and prints what changed."""

from __future__ import annotations

import difflib
import tempfile
from pathlib import Path

from adapters.rendering import RenderPool
from tests.closings import close_alingsas, close_lingonby_april, close_lingonby_mars
from tests.goldens import FOLDER, REPORTS, golden_files, picture_difference


def write(folder: Path, files: dict[str, bytes]) -> None:
    """Write one report's goldens and take away those that it no longer has."""
    folder.mkdir(exist_ok=True)
    for path in sorted(folder.iterdir()):
        if path.name not in files:
            print(f"{folder.name}/{path.name}: finns inte längre")
            path.unlink()
    for name, content in files.items():
        path = folder / name
        before = path.read_bytes() if path.is_file() else None
        if before == content:
            continue
        if before is None:
            print(f"{folder.name}/{name}: ny")
        elif name.endswith(".png"):
            print(f"{folder.name}/{name}: ändrad, störst skillnad {picture_difference(content, before)[0]:.0f} av 255")
        else:
            lines = (before.decode().splitlines(), content.decode().splitlines())
            print("\n".join(difflib.unified_diff(*lines, f"{folder.name}/{name}", "nu", lineterm="", n=0)))
        path.write_bytes(content)


def main() -> None:
    """Both closings, in a folder that is thrown away."""
    with tempfile.TemporaryDirectory() as folder, RenderPool() as pool:
        hem = close_lingonby_mars(Path(folder) / "lingonby", pool).hem
        closings = {
            "alingsas": close_alingsas(Path(folder) / "alingsas", pool),
            "lingonby": close_lingonby_april(hem, pool),
        }
        for example, kod in REPORTS:
            write(FOLDER / f"{example}-{kod.lower()}", golden_files(closings[example], kod))


if __name__ == "__main__":
    main()
