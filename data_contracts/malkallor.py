"""Whether a målplan and kommun.yaml fit each other: enheter, the sources of indikatorer (Kolada, surveys, synpunkter), and utförare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from data_contracts.kommun import Kommun
from data_contracts.malplan import Indikator, Malplan, Riktning
from data_contracts.uppfoljning import Utforartal

Loc = tuple[str | int, ...]
_SAME_UNIT = {"%": "procent"}
_SLAG = ("forslag", "synpunkter", "klagomal")


def source_faults(plan: Malplan, kommun: Kommun) -> Iterator[tuple[Loc, str]]:
    """What of the plan's sources does not fit kommun.yaml, each with its place in the plan. A value that is fetched keeps its decimals
    and its unit, so the two must be the same."""
    for place, indikator in enumerate(plan.indikatorer):
        if indikator.hamtas:
            fault = _fault(indikator, kommun)
            if fault:
                yield ("indikatorer", place, "kalla_kod"), f"E732 indikatorn {indikator.kod}: {fault}"


def unknown_enheter(plan: Malplan, kommun: Kommun) -> Iterator[tuple[Loc, str]]:
    """Every enhet that the plan names and kommun.yaml does not have, with its place in the plan."""
    known = {enhet.kod for enhet in kommun.enheter}
    named: list[tuple[Loc, str | None]] = [(("mal", place, "enhet"), mal.enhet) for place, mal in enumerate(plan.mal)]
    named += [(("mal", place, "bidrar"), kod) for place, mal in enumerate(plan.mal) for kod in mal.bidrar]
    named += [(("indikatorer", place, "enhet"), part.enhet) for place, part in enumerate(plan.indikatorer)]
    named += [(("aktiviteter", place, "enhet"), part.enhet) for place, part in enumerate(plan.aktiviteter)]
    for loc, kod in named:
        if kod is not None and kod not in known:
            yield loc, f"E738 planen nämner enheten {kod}, som inte finns i kommun.yaml"


def link_faults(kommun: Kommun, goals: frozenset[str]) -> Iterator[tuple[Loc, str]]:
    """Surveys, themes and risks of kommun.yaml that name a goal which no målplan has; nothing where the kommun has no målplan."""
    if not goals:
        return
    asked, plan = kommun.uppfoljning, kommun.uppfoljning.internkontroll
    for place, fraga in enumerate(asked.enkater):
        if fraga.mal is not None and fraga.mal not in goals:
            yield (
                ("uppfoljning", "enkater", place, "mal"),
                f"frågan {fraga.kod} nämner målet {fraga.mal}, som inte finns",
            )
    for place, tema in enumerate(asked.synpunkter.teman if asked.synpunkter else ()):
        if tema.mal is not None and tema.mal not in goals:
            loc: Loc = ("uppfoljning", "synpunkter", "teman", place, "mal")
            yield loc, f"temat {tema.kod} nämner målet {tema.mal}, som inte finns"
    for place, risk in enumerate(plan.risker if plan else ()):
        for inner, kod in enumerate(risk.mal):
            if kod not in goals:
                loc = ("uppfoljning", "internkontroll", "risker", place, "mal", inner)
                yield loc, f"risken {risk.kod} nämner målet {kod}, som inte finns"


def provider_faults(kommun: Kommun, plans: Iterable[Malplan]) -> Iterator[tuple[Loc, str]]:
    """Measures of utförare in kommun.yaml that name an indikator which no målplan has, or which is measured in another way there.

    Source: domain rule 5 (LOV and egen regi are followed up by the same indikatorer).
    """
    tied: dict[str, list[Indikator]] = {}
    for plan in plans:
        for part in plan.indikatorer:
            tied.setdefault(part.kod, []).append(part)
    compared = kommun.uppfoljning.utforare
    for place, tal in enumerate(compared.tal if compared and tied else ()):
        if tal.indikator is not None:
            loc: Loc = ("uppfoljning", "utforare", "tal", place, "indikator")
            if tal.indikator not in tied:
                yield loc, f"E734 måttet {tal.kod} nämner indikatorn {tal.indikator}, som inte finns"
            for fault in sorted({_unlike_provider(part, tal) for part in tied.get(tal.indikator, ())} - {""}):
                yield loc, f"E734 måttet {tal.kod}: {fault}"


def _unlike_provider(indikator: Indikator, tal: Utforartal) -> str:
    if indikator.enhet != tal.enhet:
        return f"indikatorn hör till enheten {indikator.enhet} men måttet till {tal.enhet}"
    against = {Riktning.HOGRE: "lagre", Riktning.LAGRE: "hogre"}.get(indikator.riktning)
    if tal.riktning == against:
        return f"indikatorns riktning är {indikator.riktning.value} men måttets {tal.riktning}"
    return _unlike(indikator, tal.matt_enhet, tal.decimaler).replace("källan", "måttet")


def _fault(indikator: Indikator, kommun: Kommun) -> str:
    match indikator.kalla:
        case "kolada":
            tal = (
                next((t for t in kommun.kolada.nyckeltal if t.kod == indikator.kalla_kod), None)
                if kommun.kolada
                else None
            )
            if tal is None:
                return f"nyckeltalet {indikator.kalla_kod} står inte under kolada i kommun.yaml"
            return _unlike(indikator, tal.matt_enhet, tal.decimaler)
        case "enkat":
            fraga = next((f for f in kommun.uppfoljning.enkater if f.kod == indikator.kalla_kod), None)
            if fraga is None:
                return f"enkätfrågan {indikator.kalla_kod} står inte under uppfoljning i kommun.yaml"
            return _unlike(indikator, fraga.matt_enhet, fraga.decimaler)
    tema, _, slag = indikator.kalla_kod.rpartition(".")
    asked = kommun.uppfoljning.synpunkter
    if asked is None or indikator.enhet not in asked.enheter:
        return f"enheten {indikator.enhet} redovisar inga synpunkter enligt kommun.yaml"
    if slag not in _SLAG or (tema and tema not in {part.kod for part in asked.teman}):
        return f"{indikator.kalla_kod} är varken forslag, synpunkter eller klagomal, ensamt eller efter ett temas kod och en punkt"
    return _unlike(indikator, indikator.matt_enhet, 0)


def _unlike(indikator: Indikator, unit: str, decimals: int) -> str:
    own, other = (_SAME_UNIT.get(word, word) for word in (indikator.matt_enhet, unit))
    if own != other:
        return f"indikatorn mäts i {indikator.matt_enhet} men källan i {unit}"
    if indikator.decimaler != decimals:
        return f"indikatorn har {indikator.decimaler} decimaler men källan {decimals}"
    return ""
