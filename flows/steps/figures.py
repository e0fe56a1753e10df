"""The figures of a closing, out of the store. Several steps of a closing look at the same earlier ones."""

from __future__ import annotations

from adapters.store import Closing, ClosingStatus
from flows.workplace import Workplace
from transforms.figures import FigureIndex, from_frame

_MOST = 3
_kept: dict[tuple[str, int, str], FigureIndex] = {}


def figures_of(workplace: Workplace, closing: Closing | None) -> FigureIndex:
    """The closing's figures; none when there is no closing. Those of a finished one never change, and the latest used are kept."""
    if closing is None:
        return FigureIndex(())
    key = (workplace.hem.databas, closing.id, closing.fingerprint)
    figures = _kept.pop(key, None)
    if figures is None:
        figures = FigureIndex(from_frame(workplace.store.load_figures(closing.id)))
    if closing.status is ClosingStatus.KLAR:
        _kept[key] = figures
        for oldest in list(_kept)[:-_MOST]:
            del _kept[oldest]
    return figures
