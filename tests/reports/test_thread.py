"""The figure thread: every printed number leads to its trail, and every trail ends in the cell of an unchanged file."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import stat
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from adapters.objects import ObjektFel
from flows.steps.trace import Link, Tracer, trace
from flows.workplace import open_workplace
from tests.closings import Closed
from transforms.figures import Figure, from_frame
from transforms.views.trail import figure_text

COMPUTED = "2026-04/TEN/drift/kostnader/prognos"
ENTERED = "2026-04/TEN/drift/personal/prognos"


HIDDEN = "visas inte"
PROOFS = ("De lagrade byten", "Koladas lagrade svar")
NO_FIGURE = re.compile(
    r"\d+ av \d+|\d{4}(?: \(\d+ år gammalt\))?|\d{4}-\d{2}-\d{2}.*|[≥≤<>]\u00a0?[\d,]+|[\d,]+ ± [\d,]+"
)
"""What a table's cell may hold without being a figure: a count of parts, a year, dates, and a målvärde of the plan."""


class Page(HTMLParser):
    """What a test needs of a page: ids, links of numbers, numbers without a link, and the numbers of each trail."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.linked: list[tuple[str, str]] = []
        self.unlinked: list[str] = []
        self.drawn: list[tuple[str, str]] = []
        """Numbers of a goal's curve: figure id and text. A picture's text is no link; it names its figure."""
        self.trails: dict[str, str] = {}
        self._open: list[tuple[str, dict[str, str]]] = []
        self._trail = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._open.append((tag, given))
        if "id" in given:
            self.ids.add(given["id"])
        if given.get("class") == "siffra":
            self._trail = given["id"]

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tag, given = self._open[-1] if self._open else ("", {})
        classes = given.get("class", "").split()
        if (
            tag == "text"
            and "data-siffra" in given
            and ("svg", "kurva") in [(t, g.get("class")) for t, g in self._open]
        ):
            self.drawn.append((given["data-siffra"], data))
        elif "tal" in classes and tag == "a":
            self.linked.append((given["href"], data))
        elif "tal" in classes:
            self.unlinked.append(data)
        elif "varde" in classes and tag == "p" and self._trail:
            self.trails[self._trail] = data


@pytest.fixture(params=["alingsas", "lingonby"])
def closed(request: pytest.FixtureRequest) -> Closed:
    found: Closed = request.getfixturevalue(request.param)
    return found


def figures_of(closed: Closed) -> dict[str, Figure]:
    with open_workplace(closed.hem) as workplace:
        return {figure.figure_id: figure for figure in from_frame(workplace.store.load_figures(closed.closing.id))}


def trail_of(closed: Closed, figure_id: str) -> tuple[Link, ...]:
    with open_workplace(closed.hem) as workplace:
        return trace(workplace, figure_id)


def view_of(closed: Closed, kod: str) -> Any:
    """The view that a report was made from."""
    with open_workplace(closed.hem) as workplace:
        return json.loads(workplace.objects.get(closed.report(kod).view_json))


def numbers_of(view: Any) -> Iterator[tuple[str, str]]:
    """Figure id and text of every number of a view."""
    if isinstance(view, dict):
        if "saknas" in view:
            yield view["figure_id"], view["text"]
        for part in view.values():
            yield from numbers_of(part)
    elif isinstance(view, list):
        for part in view:
            yield from numbers_of(part)


def test_every_number_of_every_page_leads_to_its_trail(closed: Closed) -> None:
    for report in closed.reports:
        page = Page(closed.read(report.kod, ".html").decode())
        trails = Page(closed.read(report.kod, "-spar.html").decode())
        links = [(*href.partition("#"), text) for href, text in page.linked]
        assert {address for address, _, _, _ in links} == {f"{report.rapport_id}-spar.html"}
        linked = {(unquote(anchor), text) for _, _, anchor, text in links}
        wanted = {(name, text) for name, text in numbers_of(view_of(closed, report.kod)) if name}
        assert linked <= wanted <= linked | set(page.drawn)
        found = linked | set(page.drawn)
        assert {name for name, _ in found} <= trails.ids
        unlinked = [text for text in page.unlinked if re.search(r"\d", text) and not NO_FIGURE.fullmatch(text)]
        assert sorted(unlinked) == sorted(ages_of(view_of(closed, report.kod)))


def ages_of(view: dict[str, Any]) -> list[str]:
    """Months that the cases of the avvikelseregister have been open: counted from the cases, no figures."""
    tables = [t for s in view["sektioner"] if s["id"] == "avvikelseregister" for t in s["tabeller"]]
    return [rad["celler"][-1]["text"] for table in tables for rad in table["rader"]]


def test_trails_say_the_figures_own_value(closed: Closed) -> None:
    figures = figures_of(closed)
    for report in closed.reports:
        page = Page(closed.read(report.kod, "-spar.html").decode())
        assert page.trails.keys() == {spar["figure_id"] for spar in view_of(closed, report.kod)["spar"]}
        for figure_id, text in page.trails.items():
            if text == HIDDEN:
                assert figures[figure_id].matt == "personal", figure_id
            elif figure_id in figures:
                assert text == figure_text(figures[figure_id]), figure_id
            else:
                assert figure_id.startswith("2026-03/"), figure_id


def test_every_figure_is_proved_down_to_its_cells(closed: Closed) -> None:
    figures = figures_of(closed)
    shown = {
        figure_id
        for report in closed.reports
        for figure_id in Page(closed.read(report.kod, "-spar.html").decode()).trails
    }
    with open_workplace(closed.hem) as workplace:
        tracer = Tracer(workplace)
        trails = {figure_id: tracer.trace(figure_id) for figure_id in figures.keys() | shown}
    assert [link for trail in trails.values() for link in trail if link.broken] == []
    assert all(trails.values())
    for figure_id, trail in trails.items():
        figure = figures.get(figure_id)
        if figure is not None and figure.varde is not None:
            given = figure.matt in ("indikatorer", "kolada", "periodnyckel")  # the plan's, counts, the configuration's
            without_cell = given and not figure.cell and not figure.indata
            assert without_cell or any(link.source and link.proof.startswith(PROOFS) for link in trail), figure_id


def test_a_trail_of_a_sum_names_formula_parts_file_and_cell(alingsas: Closed) -> None:
    whole, *parts = trail_of(alingsas, COMPUTED)
    assert whole.text == "\u2212123\u00a0141\u00a0000,00\u00a0kr"
    assert whole.formel
    assert [part.sign for part in parts] == ["+"] * 5
    assert {part.depth for part in parts} == {1}
    for part in parts:
        assert part.source[0] == "fil     retur-tef-2026-04.xlsx"
        assert len(part.source[1].split()[1]) == 64
        assert part.source[2].startswith('blad "Drift", cell ')
        assert part.source[3].startswith("innehåll '")


def test_one_changed_byte_of_a_stored_workbook_stops_every_trail_to_it(
    alingsas: Closed, a_copy: Callable[[Closed], Closed]
) -> None:
    changed = a_copy(alingsas)
    sha256 = figures_of(changed)[ENTERED].retur_sha256
    stored = Path(changed.hem.objekt) / sha256[:2] / sha256[2:]
    content = bytearray(stored.read_bytes())
    content[len(content) // 2] ^= 1
    os.chmod(stored, stat.S_IRUSR | stat.S_IWUSR)
    stored.write_bytes(content)
    for figure_id in (ENTERED, COMPUTED):
        with pytest.raises(ObjektFel, match=rf"E902 Objektet {sha256} .* har ändrats"):
            trail_of(changed, figure_id)


def test_a_stored_workbook_that_is_gone_stops_the_trail(alingsas: Closed, a_copy: Callable[[Closed], Closed]) -> None:
    changed = a_copy(alingsas)
    sha256 = figures_of(changed)[ENTERED].retur_sha256
    (Path(changed.hem.objekt) / sha256[:2] / sha256[2:]).unlink()
    with pytest.raises(ObjektFel, match="E901"):
        trail_of(changed, ENTERED)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("ravarde = '-56594'", "BRUTET: cellen innehåller nu '-56595'."),
        ("cell = 'Z99'", "BRUTET: cellen innehåller nu ''."),
        ("blad = 'Finns inte'", "BRUTET: cellen innehåller nu None."),
    ],
)
def test_a_changed_figure_is_said_to_be_broken(
    alingsas: Closed, a_copy: Callable[[Closed], Closed], change: str, said: str
) -> None:
    changed = a_copy(alingsas)
    _write(changed, f"UPDATE figures SET {change} WHERE figure_id = '{ENTERED}'")
    (link,) = trail_of(changed, ENTERED)
    assert (link.broken, link.proof) == (True, said)


def test_a_value_that_is_not_the_sum_of_its_parts_is_broken(
    alingsas: Closed, a_copy: Callable[[Closed], Closed]
) -> None:
    changed = a_copy(alingsas)
    _write(changed, f"UPDATE figures SET varde = varde + 1 WHERE figure_id = '{ENTERED}'")
    whole, *_ = trail_of(changed, COMPUTED)
    assert (whole.broken, whole.proof) == (True, "BRUTET: delarna ger inte den här siffran.")


def test_a_part_that_is_gone_is_broken(alingsas: Closed, a_copy: Callable[[Closed], Closed]) -> None:
    changed = a_copy(alingsas)
    _write(changed, f"DELETE FROM figures WHERE figure_id = '{ENTERED}'")
    assert [link.figure_id for link in trail_of(changed, COMPUTED) if link.broken] == [COMPUTED, ENTERED]
    assert trail_of(changed, ENTERED) == ()


def _write(closed: Closed, statement: str) -> None:
    """As someone with a database tool would."""
    with sqlite3.connect(closed.hem.databas.removeprefix("sqlite:///")) as connection:
        assert connection.execute(statement).rowcount == 1
    connection.close()
