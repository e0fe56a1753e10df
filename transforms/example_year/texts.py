"""The written texts of a made-up year: the chapters as they stand, and each nämnd's put together of the stock and of its own amounts."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from data_contracts.kommun import Enhet, Kommun, Namnd
from data_contracts.modell import Modell
from transforms.belopp import antal_text
from transforms.chance import chance
from transforms.example_year.course import Course
from transforms.example_year.settings import Exempelar
from transforms.period import Period


class Namndtexter(Modell):
    """The stock that the nämnder's texts are made of.

    ``stycken``: how many paragraphs each verksamhet has in the årsredovisning; in the delårsrapport it has one.
    """

    stycken: int = Field(ge=1, le=24)
    uppdrag: str
    underskott: str
    overskott: str
    utan: str
    ekonomi: tuple[str, ...] = Field(min_length=1)
    framtid: tuple[str, ...] = Field(min_length=1)
    verksamhet: tuple[str, ...] = Field(min_length=1)


class Exempeltexter(Modell):
    """``texter.yaml`` beside an invented kommun's kommun.yaml: chapters by report and section, and the nämnder's stock."""

    kapitel: dict[str, dict[str, str]]
    namnder: Namndtexter


def example_texts(
    texts: Exempeltexter, kommun: Kommun, plan: Exempelar, course: Course, period: Period, rapport: str
) -> dict[str, str]:
    """Markdown by section of the report: the chapters, and ``namnd-kod`` for each nämnd."""
    written = dict(texts.kapitel[rapport])
    for namnd in kommun.namnder:
        parts = _parts(texts.namnder, kommun, plan, course, namnd, period)
        written[f"namnd-{namnd.kod.lower()}"] = "\n\n".join(parts) + "\n"
    return written


def _parts(
    stock: Namndtexter, kommun: Kommun, plan: Exempelar, course: Course, namnd: Namnd, period: Period
) -> Iterator[str]:
    enheter = [kommun.enhet(kod) for kod in namnd.enheter if kod in plan.enheter]
    named = _listed([enhet.namn.lower() for enhet in enheter])
    yield "## Uppdrag"
    yield " ".join(stock.uppdrag.format(namnd=namnd.namn, enheter=named).split())
    yield "## Verksamheten"
    order = _shuffled(stock.verksamhet, plan.fro, namnd.kod)
    place = 0
    for enhet in enheter:
        for name in [part.namn for part in enhet.verksamheter] or [enhet.namn]:
            yield f"### {name}"
            for _ in range(stock.stycken if period.month == 12 else 1):
                yield order[place % len(order)]
                place += 1
    yield "## Ekonomi"
    yield " ".join(_result(stock, course, enhet, period) for enhet in enheter)
    yield _shuffled(stock.ekonomi, plan.fro, namnd.kod)[0]
    yield "## Framtid"
    yield from (f"- {text}" for text in _shuffled(stock.framtid, plan.fro, namnd.kod)[:3])


def _result(stock: Namndtexter, course: Course, enhet: Enhet, period: Period) -> str:
    """How the enhet stands against its budget: at the end of the year, or as it is expected to end."""
    rows = [row for (kod, matt, _), row in course.items() if (kod, matt) == (enhet.kod, "drift")]
    result = sum(row.prognos[period.month - 1] - row.budget[-1] for row in rows)
    sentence = stock.overskott if result > 0 else stock.underskott if result < 0 else stock.utan
    return sentence.format(enhet=enhet.namn, belopp=antal_text(abs(result), 0))


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} och {names[-1]}"


def _shuffled(texts: tuple[str, ...], fro: int, word: str) -> list[str]:
    return sorted(texts, key=lambda text: chance(fro, word, text))
