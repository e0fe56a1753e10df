"""Spårsidor: one page per figure and per return, from the trails of a period's reports; public, or internal with cells."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from transforms.view_types import Rapport, Spar, Underlag

Utsnitt = tuple[tuple[tuple[str, str], ...], ...]
"""A cell among its neighbours: rows of (coordinate, content)."""


@dataclass(frozen=True, slots=True)
class Rapportlank:
    """A report of the period: its id (its files' name), title, and the nämnd's or kommun's name."""

    id: str
    titel: str
    namn: str


@dataclass(frozen=True, slots=True)
class Fyndrad:
    """A finding of a return, as its page shows it. ``plats``: sheet and cell, as 'Drift!F17' or ''."""

    kod: str
    allvar: str
    text: str
    plats: str = ""


@dataclass(frozen=True, slots=True)
class Inre:
    """What the internal reading adds; never published.

    Attributes:
        utsnitt: a figure's cell among its neighbours, by figure id.
        fynd: findings by the return's sha256.
    """

    utsnitt: Mapping[str, Utsnitt] = field(default_factory=dict)
    fynd: Mapping[str, tuple[Fyndrad, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sparbok:
    """All trails of a period's reports: what the pages are made from.

    Attributes:
        kommun, marke, accentfarg, period_text: page head and look.
        rapporter: the reports, the kommun's last.
        spar: every figure that a report shows and all they stand on, by id.
        visas_i: the reports that print the figure, by figure id.
        anvands_i: the figures that are computed from the figure, by figure id.
        returer: the returns that the reports stand on, by sha256.
        inre: None in the public reading.
    """

    kommun: str
    marke: str
    accentfarg: str
    period_text: str
    rapporter: tuple[Rapportlank, ...]
    spar: Mapping[str, Spar]
    visas_i: Mapping[str, tuple[Rapportlank, ...]]
    anvands_i: Mapping[str, tuple[str, ...]]
    returer: Mapping[str, Underlag]
    inre: Inre | None = None

    def figures_of(self, sha256: str) -> tuple[Spar, ...]:
        """The figures that were read from a return, in the order of their cells."""
        return tuple(spar for spar in self.spar.values() if spar.retur == sha256)

    def findings_at(self, spar: Spar) -> tuple[Fyndrad, ...]:
        """The findings on a figure's own cell; internal reading only."""
        if self.inre is None or not spar.plats:
            return ()
        return tuple(row for row in self.inre.fynd.get(spar.retur, ()) if row.plats == spar.plats)


def build_book(reports: Iterable[Rapport], inre: Inre | None = None) -> Sparbok:
    """The trails of a period's reports in one book: the union of what each report's own view holds, and nothing else.

    Args:
        reports: the views of one closing; at least one.
        inre: for the internal reading.
    """
    views = list(reports)
    first = views[0]
    spar: dict[str, Spar] = {}
    shown: dict[str, list[Rapportlank]] = {}
    returer: dict[str, Underlag] = {}
    for view in views:
        link = Rapportlank(view.id, view.titel, view.namn)
        for trail in view.spar:
            spar[trail.figure_id] = trail
            shown.setdefault(trail.figure_id, []).append(link)
        returer.update((each.sha256, each) for sektion in view.sektioner for each in sektion.underlag)
    used: dict[str, list[str]] = {}
    for trail in spar.values():
        for part in trail.indata:
            used.setdefault(part.figure_id, []).append(trail.figure_id)
    return Sparbok(
        first.kommun,
        first.marke,
        first.accentfarg,
        first.period_text,
        tuple(Rapportlank(view.id, view.titel, view.namn) for view in views),
        dict(sorted(spar.items())),
        {name: tuple(links) for name, links in shown.items()},
        {name: tuple(sorted(users)) for name, users in used.items()},
        dict(sorted(returer.items())),
        inre,
    )


def page_name(figure_id: str) -> str:
    """The file name of a figure's page; different ids have different names, and no name needs escaping in an address.

    Example:
        >>> page_name("2026-04/TEN/drift/personal/bokslut@2025")
        '2026-04~TEN~drift~personal~bokslut@2025.html'
    """
    return f"{figure_id.replace('/', '~').replace('%', '=')}.html"


def return_page_name(sha256: str) -> str:
    """The file name of a return's page."""
    return f"retur-{sha256[:16]}.html"


def search_script(book: Sparbok) -> str:
    """The list that the search looks in, as a script that sets it: file, name, value, and the nämnder whose reports have the figure."""
    rows = [
        [
            page_name(spar.figure_id),
            spar.figure_id,
            spar.namn,
            spar.text,
            ", ".join(dict.fromkeys(link.namn for link in book.visas_i.get(spar.figure_id, ()))),
        ]
        for spar in book.spar.values()
    ]
    data = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f"window.sparlista={data};\n"
