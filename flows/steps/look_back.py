"""Earlier closings that a closing looks back on: föregående prognos, the year's versions of the prognos, and how earlier years' hit."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.store import Closing
from flows.workplace import Workplace
from transforms.figures import FigureIndex, from_frame
from transforms.forecast_record import Utfallsar
from transforms.period import Period

_MOST_YEARS = 10


def previous_closing(workplace: Workplace, period: Period) -> Closing | None:
    """The latest earlier closing of the same year: where föregående prognos is taken from."""
    closing = workplace.store.previous_closing(workplace.kommun.kod, str(period))
    return closing if closing is not None and Period.parse(closing.period).year == period.year else None


def last_years_closing(workplace: Workplace, period: Period) -> Closing | None:
    """The closing of the same month a year ago: how well its prognos hit."""
    return workplace.store.last_closing(workplace.kommun.kod, str(Period(period.year - 1, period.month)))


def earlier_months(workplace: Workplace, period: Period) -> tuple[Closing, ...]:
    """The newest closing of each earlier month of the year, oldest first: the versions of the prognos before this."""
    found: list[Closing] = []
    closing = previous_closing(workplace, period)
    while closing is not None:
        found.append(closing)
        closing = previous_closing(workplace, Period.parse(closing.period))
    return tuple(reversed(found))


def earlier_years(workplace: Workplace, period: Period) -> Iterator[tuple[int, Closing, Closing | None]]:
    """Each earlier year with a closing of the same month, newest first; and the closing that has its bokslut, None for this one."""
    store, kommun = workplace.store, workplace.kommun.kod
    for year in range(period.year - 1, period.year - 1 - _MOST_YEARS, -1):
        said = store.last_closing(kommun, str(Period(year, period.month)))
        after = None if year == period.year - 1 else store.last_closing(kommun, str(Period(year + 1, period.month)))
        if said is not None and (after is not None or year == period.year - 1):
            yield year, said, after


def looked_back_on(workplace: Workplace, period: Period) -> tuple[Closing, ...]:
    """Every closing that one of the period stands on, each once, the nearest last."""
    listed = [previous_closing(workplace, period), last_years_closing(workplace, period)]
    if workplace.kommun.prognos is not None:
        listed += earlier_months(workplace, period)
        listed += [one for _, *both in earlier_years(workplace, period) for one in both]
    known = {closing.id: closing for closing in listed if closing is not None}
    return tuple(known[closing_id] for closing_id in sorted(known))


def said_before(workplace: Workplace, period: Period) -> tuple[tuple[Period, FigureIndex], ...]:
    """The prognoser of the year's earlier closings, oldest first."""
    return tuple(
        (Period.parse(closing.period), _drift_of(workplace, closing)) for closing in earlier_months(workplace, period)
    )


def outcomes(workplace: Workplace, period: Period, figures: FigureIndex) -> tuple[Utfallsar, ...]:
    """What earlier years said and came to; this closing's ``figures`` have last year's bokslut."""
    return tuple(
        Utfallsar(year, _drift_of(workplace, said), figures if after is None else _drift_of(workplace, after))
        for year, said, after in earlier_years(workplace, period)
    )


def _drift_of(workplace: Workplace, closing: Closing) -> FigureIndex:
    """Prognos, budget and bokslut of the drift: all that is looked back on."""
    frame = workplace.store.load_figures_of(closing.id, "drift", ("prognos", "budget", "bokslut"))
    return FigureIndex(from_frame(frame))
