"""Two versions of a report, or two months of it, side by side: figures, states, texts and rules."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from transforms.belopp import antal_text, belopp_text
from transforms.environment import Miljoskillnad
from transforms.report_diff import SAKNAS, compare_reports
from transforms.view_goals import Indikatorvy, Malvy, Tavelrad
from transforms.view_parts import parts_of
from transforms.view_types import Lage, Rapport, Spar

_MINUS = "\u2212"
_LINES_SHOWN = 40
"""Lines of a file's changes that are shown before the rest are counted."""


@dataclass(frozen=True, slots=True)
class Sida:
    """One of the two that are held beside each other: its name, the report, its state, and its period as ids begin with it."""

    namn: str
    rapport: Rapport
    lage: Lage
    period: str


@dataclass(frozen=True, slots=True)
class Siffrad:
    """A figure that differs, as printed before and after. ``skillnad``: after − before, exact, '' where one of them is missing."""

    figure_id: str
    namn: str
    fore: str
    efter: str
    skillnad: str


@dataclass(frozen=True, slots=True)
class Lagesrad:
    """A state that differs: of the report itself, of a goal or an indikator."""

    namn: str
    fore: str
    efter: str


@dataclass(frozen=True, slots=True)
class Regelrad:
    """A file or version that the two were made with and that differs. ``rader``: what lines have gone (−) and come (+)."""

    namn: str
    text: str
    rader: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rapportjamforelse:
    """One report held beside another. ``lika``: how many figures are the same in both."""

    rapport: str
    titel: str
    fore: str
    efter: str
    siffror: tuple[Siffrad, ...]
    lika: int
    lagen: tuple[Lagesrad, ...]
    texter_borta: tuple[str, ...]
    texter_nya: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """True when nothing that a reader sees differs."""
        return not (self.siffror or self.lagen or self.texter_borta or self.texter_nya)

    @property
    def skillnader(self) -> str:
        """How much differs, in words: ``2 siffror, 1 läge, 0 texter``, texts both gone and come."""
        texts = len(self.texter_borta) + len(self.texter_nya)
        counted = (
            (len(self.siffror), "siffra", "siffror"), (len(self.lagen), "läge", "lägen"), (texts, "text", "texter"),
        )  # fmt: skip
        return ", ".join(f"{number} {one if number == 1 else more}" for number, one, more in counted)


@dataclass(frozen=True, slots=True)
class Jamforelse:
    """All reports of the two, and the rules that differ between them. ``anmarkning``: what could not be compared, '' for nothing."""

    kommun: str
    marke: str
    accentfarg: str
    fore: str
    efter: str
    rapporter: tuple[Rapportjamforelse, ...]
    regler: tuple[Regelrad, ...]
    anmarkning: str = ""


def compare(before: Sida, after: Sida) -> Rapportjamforelse:
    """What differs between two reports, in the order of the later one.

    A figure of another month is the same figure as its own of the month before; both must have been given the same ids first
    (``Sida.period`` says what they begin with).

    Missing: a figure that one of them lacks is shown as such, and has no difference.
    """
    found = compare_reports(before.rapport, after.rapport, same_hash=True)
    old = {spar.figure_id: spar for spar in before.rapport.spar}
    new = {spar.figure_id: spar for spar in after.rapport.spar}
    figures = tuple(
        Siffrad(
            one.figure_id, one.namn, one.fore, one.efter, _difference(old.get(one.figure_id), new.get(one.figure_id))
        )
        for one in found.siffror
    )
    both = (_shown(before.rapport) & _shown(after.rapport)) - {one.figure_id for one in figures}
    return Rapportjamforelse(
        rapport=after.rapport.id,
        titel=after.rapport.namn,
        fore=before.namn,
        efter=after.namn,
        siffror=figures,
        lika=len(both),
        lagen=tuple(_states(before, after)),
        texter_borta=found.texter_borta,
        texter_nya=found.texter_nya,
    )


def _difference(before: Spar | None, after: Spar | None) -> str:
    """after − before with its unit; '' unless both have a value in the same unit."""
    if before is None or after is None or before.varde is None or after.varde is None:
        return ""
    if (before.enhet, before.decimaler) != (after.enhet, after.decimaler):
        return ""
    change = after.varde - before.varde
    if after.enhet == "öre":
        return f"{belopp_text(change, 'kr', plus=True)}\u00a0kr"
    return f"{antal_text(change, after.decimaler, plus=True)}\u00a0{after.enhet}"


def _shown(rapport: Rapport) -> set[str]:
    return {spar.figure_id for spar in rapport.spar}


def _states(before: Sida, after: Sida) -> Iterator[Lagesrad]:
    """Rapportens läge and version, then goals, indikatorer and key figures whose state differs or is in one of them only."""
    if before.lage.tillstand != after.lage.tillstand:
        yield Lagesrad("Rapportens läge", before.lage.tillstand, after.lage.tillstand)
    old, new = dict(_told(before.rapport)), dict(_told(after.rapport))
    for name in dict.fromkeys((*new, *old)):
        fore, efter = old.get(name, SAKNAS), new.get(name, SAKNAS)
        if fore != efter:
            yield Lagesrad(name, fore, efter)


def _told(rapport: Rapport) -> Iterator[tuple[str, str]]:
    """Every state of a report by the name of what it is the state of."""
    for card in rapport.nyckeltal:
        if card.lage_text:
            yield card.namn, card.lage_text
    for part in parts_of(rapport.sektioner):
        if isinstance(part, Malvy | Tavelrad):
            yield f"Mål: {part.namn}", part.marke.text
        elif isinstance(part, Indikatorvy):
            yield f"Indikator: {part.namn}", part.marke.text


def rule_rows(changed: tuple[Miljoskillnad, ...], texts: Mapping[str, tuple[str, str]]) -> tuple[Regelrad, ...]:
    """What the two were made with and that differs, each with its changed lines where it is a kept text.

    Args:
        changed: by ``transforms.environment.differences``.
        texts: of kept files, before and after, by place; '' where there was none.
    """
    return tuple(
        Regelrad(one.namn, str(one), _changed_lines(*texts[one.namn]) if one.namn in texts else ()) for one in changed
    )


def _changed_lines(before: str, after: str) -> tuple[str, ...]:
    """Lines that have gone and come, '−' and '+' before them; of very many the first, and how many more."""
    diff = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    lines = [
        f"{_MINUS if line[0] == '-' else '+'} {line[1:].strip()}"
        for line in diff
        if line[0] in "+-" and not line.startswith(("+++", "---"))
    ]
    if len(lines) <= _LINES_SHOWN:
        return tuple(lines)
    return (*lines[:_LINES_SHOWN], f"… och {len(lines) - _LINES_SHOWN} rader till")
