"""The figure thread: from a figure to its formula, its inputs and, at the end, the cell in the unchanged bytes, read again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from adapters.csv_reader import StoredCsv, looks_like_csv
from adapters.kolada import value_on_page
from adapters.workbook_reader import StoredWorkbook
from data_contracts.findings import place_text
from flows.steps.corrections import brought_in, stored_entry
from flows.steps.kolada import with_group
from flows.steps.ledger_files import proved_sum, shown_line
from flows.workplace import Workplace
from transforms.figures import HUVUDBOK, RATTELSE, Figure, operator_text
from transforms.formulas import evaluate
from transforms.kolada import SIDA
from transforms.ledger.figures import lines_of
from transforms.ledger.frames import result_signed
from transforms.views.trail import figure_name, figure_text

_LINES_SHOWN = 40
"""Lines of the ledger that a trail prints before it counts the rest; all of them are added up."""


@dataclass(frozen=True, slots=True)
class Link:
    """One figure on the way. ``proof``: what opening the stored bytes again showed; '' where there is no cell."""

    depth: int
    sign: str
    figure_id: str
    name: str
    text: str
    formel: str
    source: tuple[str, ...]
    proof: str
    broken: bool


def trace(workplace: Workplace, figure_id: str) -> tuple[Link, ...]:
    """The whole trail of a figure, depth first. Empty when no finished closing holds it."""
    return Tracer(workplace).trace(figure_id)


class Tracer:
    """Follows figures of one kommun. A figure is looked up, and a workbook opened and its hash checked, once."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self._kommun = with_group(workplace)
        self._figures: dict[str, Figure | None] = {}
        self._workbooks: dict[str, StoredWorkbook | StoredCsv] = {}

    def trace(self, figure_id: str) -> tuple[Link, ...]:
        """The whole trail of a figure, depth first. Empty when no finished closing holds it.

        Raises:
            ObjektFel: E901, E902, the stored bytes at the end of the trail are not there or have been changed.
        """
        return tuple(self._walk(figure_id, 0, "")) if self._figure(figure_id) is not None else ()

    def _figure(self, figure_id: str) -> Figure | None:
        if figure_id not in self._figures:
            found = self._workplace.store.find_figure(self._workplace.kommun.kod, figure_id)
            self._figures[figure_id] = None if found is None else found.figure
        return self._figures[figure_id]

    def _walk(self, figure_id: str, depth: int, sign: str) -> Iterator[Link]:
        figure = self._figure(figure_id)
        if figure is None:
            proof = "BRUTET: siffran finns inte i någon stängning."
            yield Link(depth, sign, figure_id, "", "", "", (), proof, broken=True)
            return
        yield self._link(figure, depth, sign)
        for part_sign, part in figure.indata:
            yield from self._walk(part, depth + 1, operator_text(part_sign))

    def _link(self, figure: Figure, depth: int, sign: str) -> Link:
        source: tuple[str, ...] = ()
        proof, broken = "", False
        if figure.indata:
            proof, broken = self._add_up(figure)
        elif figure.cell or figure.slag == RATTELSE:
            source, proof, broken = self.prove(figure)
            if figure.slag == RATTELSE and (told := brought_in(self._workplace, figure)):
                source = (*source, told)
        name, text = figure_name(figure, self._kommun), figure_text(figure)
        return Link(depth, sign, figure.figure_id, name, text, figure.formel, source, proof, broken)

    def prove(self, figure: Figure) -> tuple[tuple[str, ...], str, bool]:
        """Where an entered figure stands, line by line; what its stored source says now; and whether that is broken.

        Raises:
            ObjektFel: E901, E902, the stored bytes are not there or have been changed.
        """
        if figure.slag == RATTELSE:
            entry = (f"fil     {figure.fil}, {figure.cell}", f"sha256  {figure.retur_sha256}", figure.ravarde)
            return (entry, *self._prove_correction(figure))
        if figure.slag == HUVUDBOK:
            return self._prove_lines(figure)
        source = (
            f"fil     {figure.fil}",
            f"sha256  {figure.retur_sha256}",
            place_text(figure.blad, figure.cell),
            f"innehåll {figure.ravarde!r}",
        )
        return (source, *self._prove(figure))

    def _prove(self, figure: Figure) -> tuple[str, bool]:
        """Open the stored bytes again (their hash is checked) and compare the cell's content with what was read then."""
        if figure.fil == SIDA:
            found = value_on_page(self._workplace.objects.get(figure.retur_sha256), figure.blad, figure.cell)
            same = found == figure.ravarde
            return (
                ("Koladas lagrade svar är oförändrat.", False) if same else (f"BRUTET: svaret har nu {found!r}.", True)
            )
        if figure.retur_sha256 not in self._workbooks:
            content = self._workplace.objects.get(figure.retur_sha256)
            self._workbooks[figure.retur_sha256] = (
                StoredCsv(content) if looks_like_csv(content) else StoredWorkbook(content)
            )
        again = self._workbooks[figure.retur_sha256].raw_content(figure.blad, figure.cell)
        if again == figure.ravarde:
            return "De lagrade byten är oförändrade och cellen innehåller detsamma.", False
        return f"BRUTET: cellen innehåller nu {again!r}.", True

    def _prove_correction(self, figure: Figure) -> tuple[str, bool]:
        """Read the stored file of corrections again and compare the entry with what was read then."""
        again = stored_entry(self._workplace, figure.retur_sha256, figure.cell)
        if again == figure.ravarde:
            return "Den lagrade filen är oförändrad och posten säger detsamma.", False
        return f"BRUTET: posten säger nu {again!r}.", True

    def _prove_lines(self, figure: Figure) -> tuple[tuple[str, ...], str, bool]:
        """Open the stored ledger again, and add its lines up: they are to give the konto's figure."""
        content = self._workplace.objects.get(figure.retur_sha256)
        numbers = lines_of(figure)
        shown = [f"rad {number}  {shown_line(content, number)}".rstrip() for number in numbers]
        if len(shown) > _LINES_SHOWN:
            shown = [*shown[:_LINES_SHOWN], f"och {len(shown) - _LINES_SHOWN} rader till"]
        source = (f"fil     {figure.fil}", f"sha256  {figure.retur_sha256}", *shown)
        konto = figure.rad.partition(".")[0]
        total = proved_sum(content, figure.fil, numbers, konto, self._workplace.felkoder)
        turned = None if total is None else total if figure.ravarde == "debet plus" else result_signed(total)
        if turned == figure.varde:
            return source, "De lagrade byten är oförändrade, och raderna summerar till siffran.", False
        return source, "BRUTET: raderna ger inte den här siffran.", True

    def _add_up(self, figure: Figure) -> tuple[str, bool]:
        """Work the formula out again from its inputs, exactly, and compare with the stored value."""
        terms = ((sign, self._figure(part)) for sign, part in figure.indata)
        if evaluate(figure, terms) == figure.varde:
            return "", False
        return "BRUTET: delarna ger inte den här siffran.", True
