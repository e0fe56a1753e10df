"""Ways through a målplan: what an aktivitet leads to, and what has changed in a plan since it was decided."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from data_contracts.malplan import Aktivitet, Effekt, Indikator, Mal, Malplan, Regel


def chain_of(plan: Malplan, aktivitet: Aktivitet) -> tuple[str, ...]:
    """The codes that an aktivitet leads to, one after the other: effekter and last the goal, if it reaches one."""
    onward = {effekt.kod: effekt.leder_till for effekt in plan.effekter}
    chain: list[str] = []
    kod = aktivitet.leder_till
    while kod is not None and kod not in chain:
        chain.append(kod)
        kod = onward.get(kod)
    return tuple(chain)


def over(plan: Malplan, kod: str) -> list[str]:
    """The codes of the goals over a goal, the nearest first and the vision last."""
    found: list[str] = []
    at = plan.malet(kod).over
    while at is not None and at not in found:
        found.append(at)
        at = plan.malet(at).over
    return found


def plan_lock(plan: Malplan) -> str:
    """The lock of a decided plan: sha256 over all that it says, but the lock itself.

    The same plan always has the same lock: what is left to its default is left out, so that a later version of the program with more
    fields gives it too, and 6 and 6,0 are the same number.
    """
    said = plan.model_dump(exclude={"las"}, exclude_defaults=True)
    content = json.dumps(said, ensure_ascii=False, sort_keys=True, default=_plain)
    return hashlib.sha256(content.encode()).hexdigest()


def _plain(value: object) -> str:
    """A number or date as text, the same for the same value."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


@dataclass(frozen=True, slots=True)
class Planandring:
    """One thing that differs between two versions of a plan: its code, the field, and what it was and is."""

    kod: str
    falt: str
    fore: str
    efter: str


def plan_changes(before: Malplan, after: Malplan) -> tuple[Planandring, ...]:
    """What differs between two versions of the same year's plan, part by part and field by field.

    A part that has come or gone is one change, with the field '' and its name. The plan's own version, decision and log are no changes.
    """
    old, new = _parts(before), _parts(after)
    changes: list[Planandring] = []
    for kod in [*old, *(kod for kod in new if kod not in old)]:
        if kod not in new:
            changes.append(Planandring(kod, "", str(old[kod].get("namn", kod)), ""))
        elif kod not in old:
            changes.append(Planandring(kod, "", "", str(new[kod].get("namn", kod))))
        else:
            changes.extend(
                Planandring(kod, falt, _shown(old[kod][falt]), _shown(value))
                for falt, value in new[kod].items()
                if old[kod][falt] != value
            )
    return tuple(changes)


def _parts(plan: Malplan) -> dict[str, dict[str, Any]]:
    listed: tuple[Mal | Indikator | Aktivitet | Effekt | Regel, ...]
    listed = (*plan.mal, *plan.indikatorer, *plan.aktiviteter, *plan.effekter, *plan.regler)
    return {part.kod: part.model_dump() for part in listed}


def _shown(value: object) -> str:
    match value:
        case _ if value is None or value in ("", (), {}):
            return "inget"
        case {"varde": number, "fran": low, "till": high}:
            return f"{_shown(low)}–{_shown(high)}" if number is None else _shown(number)
        case dict():
            return "; ".join(f"{key}: {_shown(item)}" for key, item in value.items() if item is not None)
        case list() | tuple():
            return "; ".join(_shown(item) for item in value)
        case bool():
            return "ja" if value else "nej"
        case Decimal():
            return f"{value.normalize():f}".replace(".", ",").replace("-", "\u2212")
        case _:
            return str(value)


def reworded_goals(changes: tuple[Planandring, ...], plan: Malplan) -> frozenset[str]:
    """Goals that read another way, or are measured another way, than when the plan was decided."""
    of_indikator = {indikator.kod: indikator.mal for indikator in plan.indikatorer}
    telling = ("namn", "malvarden", "riktning", "strikt", "gul", "definition", "definition_version", "")
    changed = {change.kod for change in changes if change.falt in telling}
    goals = {mal.kod for mal in plan.mal}
    return frozenset({of_indikator.get(kod, kod) for kod in changed} & goals)
