"""Packs for talking about a closing: the resultatdialog of each nämnd, and the page for whoever lives in the kommun."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from adapters.rendering import render_report, style_hash
from adapters.store import Closing
from flows.steps.render import UTKAST
from flows.steps.report import public_context, published_before
from flows.workplace import Workplace
from transforms.content_hash import canonical_json, innehallshash
from transforms.view_types import Lage, Rapport
from transforms.views.citizen import build_citizen_page
from transforms.views.context import ReportContext
from transforms.views.dialogue import build_dialogue
from transforms.views.report import EarlierFigure


def dialogues(workplace: Workplace, closing: Closing, koder: Sequence[str]) -> Iterator[Rapport]:
    """The resultatdialog of each of these nämnder that has a goal in the year's målplan."""
    context, earlier = _opened(workplace, closing)
    for kod in koder:
        view = build_dialogue(context, workplace.kommun.namnd(kod), earlier)
        if view is not None:
            yield view


def citizen_page(workplace: Workplace, closing: Closing) -> Rapport:
    """The page for whoever lives in the kommun."""
    context, earlier = _opened(workplace, closing)
    return build_citizen_page(context, earlier)


def _opened(workplace: Workplace, closing: Closing) -> tuple[ReportContext, EarlierFigure]:
    view, context = public_context(workplace, closing)
    return context, published_before(workplace, view)


def write_view(view: Rapport, folder: Path) -> tuple[Path, ...]:
    """The view as PDF, web page, trail page and xlsx in the folder. The same view gives the same bytes."""
    lage = Lage(UTKAST, 1, innehallshash(canonical_json(view), style_hash()))
    files = render_report(view, lage)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, content in files.named(view.id).items():
        path = folder / name
        path.write_bytes(content)
        written.append(path)
    return tuple(written)
