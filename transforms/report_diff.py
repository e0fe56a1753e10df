"""What differs between two versions of a report: figures old → new, and texts that have come, gone or changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass

from transforms.view_parts import numbers_of
from transforms.view_types import Bild, Mening, Rapport, Tal

SAKNAS = "fanns inte"


@dataclass(frozen=True, slots=True)
class Siffrandring:
    """One figure whose printed value differs. ``fore``, ``efter``: as printed; ``SAKNAS`` where the version has no such figure."""

    figure_id: str
    namn: str
    fore: str
    efter: str


@dataclass(frozen=True, slots=True)
class Skillnad:
    """Everything that differs, in the order of the report. ``utseende``: the same content, shown in another way."""

    siffror: tuple[Siffrandring, ...]
    texter_borta: tuple[str, ...]
    texter_nya: tuple[str, ...]
    utseende: bool = False

    @property
    def is_empty(self) -> bool:
        """True when nothing that a reader sees differs."""
        return not (self.siffror or self.texter_borta or self.texter_nya or self.utseende)


def compare_reports(before: Rapport, after: Rapport, *, same_hash: bool) -> Skillnad:
    """What a reader of ``before`` would find different in ``after``.

    Args:
        same_hash: whether their innehållshash is the same; where it is not and no figure or text differs, the look does.
    """
    old, new = _figures(before), _figures(after)
    changed = tuple(
        Siffrandring(
            figure_id,
            (new.get(figure_id) or old[figure_id])[0],
            old[figure_id][1] if figure_id in old else SAKNAS,
            new[figure_id][1] if figure_id in new else SAKNAS,
        )
        for figure_id in dict.fromkeys((*new, *old))
        if (figure_id in old, old.get(figure_id, ("", ""))[1]) != (figure_id in new, new.get(figure_id, ("", ""))[1])
    )
    old_texts, new_texts = list(_texts(before)), list(_texts(after))
    gone = tuple(text for text in dict.fromkeys(old_texts) if text not in set(new_texts))
    come = tuple(text for text in dict.fromkeys(new_texts) if text not in set(old_texts))
    return Skillnad(changed, gone, come, utseende=not same_hash and not (changed or gone or come))


def difference_lines(skillnad: Skillnad, limit: int | None = None) -> tuple[str, ...]:
    """The differences in Swedish, a line each; at most ``limit`` of each kind, and then how many more."""
    figures = [f"{one.namn}: {one.fore} → {one.efter} ({one.figure_id})" for one in skillnad.siffror]
    gone = [f"Borttaget: {text}" for text in skillnad.texter_borta]
    come = [f"Nytt: {text}" for text in skillnad.texter_nya]
    look = ["Bara utseendet har ändrats: mallar, typsnitt eller uppställning."] if skillnad.utseende else []
    lines: list[str] = []
    for kind, name in ((figures, "siffror"), (gone, "borttagna texter"), (come, "nya texter")):
        shown = kind if limit is None else kind[:limit]
        lines.extend(shown)
        if len(shown) < len(kind):
            lines.append(f"… och {len(kind) - len(shown)} {name} till.")
    return (*lines, *look)


def _figures(rapport: Rapport) -> dict[str, tuple[str, str]]:
    """Name and printed text of every figure shown, by id, in the order of the report."""
    names = {spar.figure_id: spar.namn for spar in rapport.spar}
    shown: dict[str, tuple[str, str]] = {}
    for tal in numbers_of((rapport.nyckeltal, rapport.sektioner)):
        if tal.figure_id:
            shown.setdefault(tal.figure_id, (names.get(tal.figure_id, tal.figure_id), tal.text))
    return shown


def _texts(part: object) -> Iterator[str]:
    """Every text that a reader sees, numbers apart; a sentence with its numbers taken out is one text."""
    if isinstance(part, Mening):
        yield "".join(piece if isinstance(piece, str) else "…" for piece in part.delar)
    elif isinstance(part, str):
        if part.strip():
            yield part
    elif isinstance(part, tuple):
        for inner in part:
            yield from _texts(inner)
    elif is_dataclass(part) and not isinstance(part, Tal | Bild):
        hidden = {"id", "spar", "stil", "lage", "figure_id", "underlag_tid", "accentfarg", "tabell_id", "kod", "slag"}
        for field in fields(part):
            if field.name not in hidden:
                yield from _texts(getattr(part, field.name))
