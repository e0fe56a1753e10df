"""The figures of a closing, taken out by several steps."""

from dataclasses import replace

from adapters.store import ClosingStatus
from flows.steps.figures import figures_of
from flows.workplace import open_workplace
from tests.closings import Closed
from transforms.figures import from_frame


def test_figures_of_a_finished_closing_are_those_of_the_store_and_are_kept(lingonby: Closed) -> None:
    with open_workplace(lingonby.hem) as workplace:
        figures = figures_of(workplace, lingonby.closing)
        assert tuple(figures) == from_frame(workplace.store.load_figures(lingonby.closing.id))
        assert workplace.store.count_figures(lingonby.closing.id) == len(figures)
        assert figures_of(workplace, lingonby.closing) is figures


def test_figures_of_a_closing_that_goes_on_are_not_kept(lingonby: Closed) -> None:
    going_on = replace(lingonby.closing, status=ClosingStatus.PAGAR, fingerprint="pågår")
    with open_workplace(lingonby.hem) as workplace:
        assert figures_of(workplace, going_on) is not figures_of(workplace, going_on)


def test_no_closing_has_no_figures(lingonby: Closed) -> None:
    with open_workplace(lingonby.hem) as workplace:
        assert len(figures_of(workplace, None)) == 0
