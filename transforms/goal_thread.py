"""The goal thread as text, both ways: down from the vision to the cells, and up from an indikator or aktivitet to the vision."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from data_contracts.malplan import Malplan, Niva
from transforms.belopp import antal_text, decimal_text
from transforms.enhet_rows import malvarde_text
from transforms.figures import Figure
from transforms.goal_assessment import Indikatorbild, Leveransbild, Malbild
from transforms.goal_plan import chain_of, over
from transforms.goal_states import Lage, Rapporttyp
from transforms.goal_wording import delivery_text, state_words

MARKS = {
    Lage.UPPFYLLD: "●", Lage.DELVIS: "◐", Lage.EJ: "✕", Lage.EJ_MATBAR: "–", Lage.MATNING_KOMMER: "◷",
    Lage.METODBYTE: "⇄", Lage.EJ_RAPPORTERAD: "○", Lage.KAN_INTE_BEDOMAS: "?",
}  # fmt: skip
"""One sign per state, beside its words."""


def tree_lines(
    plan: Malplan, bilder: Mapping[str, Malbild], typ: Rapporttyp, koder: frozenset[str] | None = None
) -> Iterator[str]:
    """The tree from the vision down: each goal with its state, its indikatorer with values and cells, and its leveranser.

    Args:
        koder: only these goals and those over them; None for all.
    """
    shown = None if koder is None else koder | {above for kod in koder for above in over(plan, kod)}
    for mal in plan.mal:
        if mal.over is None:
            yield from _goal_lines(plan, bilder, mal.kod, typ, 0, shown)


def _goal_lines(
    plan: Malplan, bilder: Mapping[str, Malbild], kod: str, typ: Rapporttyp, depth: int, shown: frozenset[str] | None
) -> Iterator[str]:
    if shown is not None and kod not in shown:
        return
    bild, indent = bilder[kod], "  " * depth
    if bild.mal.niva is Niva.VISION:
        yield f"{indent}{bild.mal.namn} [{kod}]"
    else:
        yield f"{indent}{MARKS[bild.gallande]} {bild.mal.namn} [{kod}]"
        yield from (f"{indent}  {line}" for line in _how(bild, typ, plan))
    for mark in bild.marken:
        yield f"{indent}  ! {_begun(mark)}."
    for indikator in bild.indikatorer:
        yield from (f"{indent}    {line}" for line in _indikator_lines(indikator, typ, plan))
    for leverans in bild.leveranser:
        yield f"{indent}    {_leverans_line(leverans)}"
    for under in bild.under:
        yield from _goal_lines(plan, bilder, under, typ, depth + 1, shown)


def _how(bild: Malbild, typ: Rapporttyp, plan: Malplan) -> Iterator[str]:
    """The state in words and how it came about: computed, fixed, or both when they differ."""
    computed, fixed = bild.beraknad, bild.faststalld
    words = _begun(state_words(bild.gallande, typ, plan.lagesord))
    if fixed is None:
        rule = f" Regel: {bild.regel.namn}." if bild.regel is not None and computed.lage is not None else ""
        yield f"{words}: {computed.skal}.{rule}"
        return
    yield f"{words}, fastställt av {fixed.roll} {fixed.tid}: {fixed.skal}"
    if computed.lage is not None and computed.lage is not fixed.lage:
        yield f"Enligt regeln: {state_words(computed.lage, typ, plan.lagesord)} ({computed.skal})."


def _indikator_lines(bild: Indikatorbild, typ: Rapporttyp, plan: Malplan) -> Iterator[str]:
    """'● Sjukfrånvaro [sjukfranvaro]: 6,6 procent, prognos 6,3, mål < 6,0', then how it stands, then '← figure, file, cell'."""
    part = bild.indikator
    yield f"{MARKS[bild.gallande]} {part.namn} [{part.kod}]: {_value_text(bild)}, mål {malvarde_text(part, plan.ar)}"
    text = f"  {_begun(state_words(bild.gallande, typ, plan.lagesord))}"
    if bild.beraknad.skal:
        text += f": {bild.beraknad.skal}"
    if bild.beraknad.kommer is not None:
        text += f", väntas {bild.beraknad.kommer}"
    yield f"{text}."
    source = _cell(bild.utfall)
    if source:
        yield f"  ← {source}"


def _begun(text: str) -> str:
    """The text with a capital first letter."""
    return f"{text[:1].upper()}{text[1:]}"


def _value_text(bild: Indikatorbild) -> str:
    """The latest known value with its year, and the prognos: '92,4 procent (2025), prognos 93,4'."""
    part, figure = bild.indikator, bild.utfall
    if figure is not None and figure.varde is not None:
        year = f" ({figure.vardear})" if figure.vardear is not None else ""
        text = f"{antal_text(figure.varde, figure.decimaler)}\u00a0{part.matt_enhet}{year}"
    elif part.historik:
        latest = max(part.historik, key=lambda value: value.ar)
        text = f"{decimal_text(latest.varde, part.decimaler)}\u00a0{part.matt_enhet} ({latest.ar}, ur målplanen)"
    else:
        text = "uppgift saknas"
    if bild.prognos is not None and bild.prognos.varde is not None:
        text += f", prognos {antal_text(bild.prognos.varde, bild.prognos.decimaler)}"
    return text


def _leverans_line(bild: Leveransbild) -> str:
    """'→ Frånvaroteam på varje skola: Team på alla tre skolor – levererat, 100 procent klart. Kommentar'."""
    done = bild.fardiggrad
    share = "" if done is None or done.varde is None else f", {done.varde}\u00a0procent klart"
    comment = f". {bild.kommentar}" if bild.kommentar else ""
    return f"→ {bild.aktivitet.namn}: {bild.namn} – {delivery_text(bild.levererad, bild.klar, late=bild.forsenad)}{share}{comment}"


def _cell(figure: Figure | None) -> str:
    if figure is not None and figure.indata:
        return f"{figure.figure_id}, {figure.formel}"
    if figure is None or not figure.cell:
        return ""
    return f"{figure.figure_id}, fil {figure.fil}, blad {figure.blad}, cell {figure.cell}"


def upward(plan: Malplan, kod: str) -> list[str]:
    """The codes from an indikator, leverans, aktivitet, effekt or goal up to the vision, itself first; empty when the plan has none
    with that code.

    Example:
        ``upward(plan, "skolnarvaro")`` is ``['skolnarvaro', 'bun_narvaro', 'kf_larande', 'vision']``.
    """
    goals = {mal.kod for mal in plan.mal}
    if kod in goals:
        return [kod, *over(plan, kod)]
    for indikator in plan.indikatorer:
        if indikator.kod == kod:
            return [kod, *upward(plan, indikator.mal)]
    for aktivitet in plan.aktiviteter:
        if kod == aktivitet.kod or kod in {leverans.kod for leverans in aktivitet.leveranser}:
            chain = list(chain_of(plan, aktivitet))
            start = [kod] if kod == aktivitet.kod else [kod, aktivitet.kod]
            return [*start, *chain, *(over(plan, chain[-1]) if chain and chain[-1] in goals else [])]
    for effekt in plan.effekter:
        if effekt.kod == kod:
            return [kod, *(upward(plan, effekt.leder_till) if effekt.leder_till else [])]
    return []


def names(plan: Malplan) -> dict[str, str]:
    """The name of every part of the plan by code."""
    listed = [(part.kod, part.namn) for part in plan.mal]
    listed += [(part.kod, part.namn) for part in plan.indikatorer]
    listed += [(part.kod, part.namn) for part in plan.aktiviteter]
    listed += [(leverans.kod, leverans.namn) for part in plan.aktiviteter for leverans in part.leveranser]
    listed += [(part.kod, part.namn) for part in plan.effekter]
    return dict(listed)
