"""Proof of a closing's figures: each is the sum of its inputs, down to cells that are read again from the stored bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from adapters.objects import ObjektFel
from adapters.store import Closing
from flows.steps.trace import Tracer
from flows.workplace import Workplace
from transforms.figure_id import parse_figure_id
from transforms.figures import Figure, FigureIndex, from_frame
from transforms.formulas import evaluate


class ClosingProof:
    """Follows the figures of one closing. Inputs of earlier months are taken as they stood when the closing was made."""

    def __init__(self, workplace: Workplace, closing: Closing, buried: frozenset[str]) -> None:
        """``buried``: sha256 of the returns whose bytes have a logged tombstone instead: their cells can't be read again."""
        self._workplace = workplace
        self._closing = closing
        self._buried = buried
        self._periods = {closing.period: self._figures(closing)}
        self._tracer = Tracer(workplace)
        self._walked: set[str] = set()

    def __len__(self) -> int:
        return len(self._periods[self._closing.period])

    def _figures(self, closing: Closing | None) -> FigureIndex:
        return FigureIndex(() if closing is None else from_frame(self._workplace.store.load_figures(closing.id)))

    def chosen(self, sample: int | None, seed: str) -> tuple[str, ...]:
        """Ids of the figures to follow: all, or so many drawn by the seed, so that nobody knows beforehand which."""
        ids = sorted(figure.figure_id for figure in self._periods[self._closing.period])
        if sample is None or sample >= len(ids):
            return tuple(ids)
        drawn = sorted(ids, key=lambda figure_id: hashlib.sha256(f"{seed}\n{figure_id}".encode()).hexdigest())
        return tuple(sorted(drawn[:sample]))

    def broken(self, ids: Iterable[str]) -> list[str]:
        """What does not hold of these figures and all that they stand on, in Swedish."""
        faults: list[str] = []
        waiting = list(ids)
        while waiting:
            figure_id = waiting.pop()
            if figure_id in self._walked:
                continue
            self._walked.add(figure_id)
            figure = self.find(figure_id)
            if figure is None:
                faults.append(f"{figure_id}: siffran finns inte i någon stängning.")
                continue
            fault = self._fault(figure)
            if fault:
                faults.append(f"{figure_id}: {fault}")
            waiting.extend(part for _, part in figure.indata)
        return faults

    def find(self, figure_id: str) -> Figure | None:
        """The figure as it stood for this closing."""
        period = parse_figure_id(figure_id).period
        if period not in self._periods:
            before = self._workplace.store.closing_before(self._closing, period)
            self._periods[period] = self._figures(before)
        return self._periods[period].by_id(figure_id)

    def _fault(self, figure: Figure) -> str:
        if figure.indata:
            terms = ((sign, self.find(part)) for sign, part in figure.indata)
            return "" if evaluate(figure, terms) == figure.varde else "delarna ger inte den här siffran."
        if not figure.cell or figure.retur_sha256 in self._buried:
            return ""
        try:
            _, proof, is_broken = self._tracer.prove(figure)
        except ObjektFel:
            return f"filen {figure.fil} ({figure.retur_sha256}) är borta eller ändrad."
        return f"{figure.fil}, {figure.blad} {figure.cell}: {proof.removeprefix('BRUTET: ')}" if is_broken else ""
