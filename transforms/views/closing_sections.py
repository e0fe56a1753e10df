"""The sections that end every report: avvikelser, what is missing, method and underlag."""

from __future__ import annotations

from collections.abc import Sequence

from data_contracts.kommun import Enhet
from transforms.belopp import procent_text
from transforms.matt import MATT
from transforms.view_types import Avvikelsepost, Mening, Sektion, Underlag
from transforms.views.context import ReportContext
from transforms.views.gaps import gap_sentences
from transforms.views.summary import is_settled


def closing_sections(
    context: ReportContext, enheter: Sequence[Enhet], posts: Sequence[Avvikelsepost], *first: Mening
) -> list[Sektion]:
    """Avvikelser (led by ``first`` and the limits), gaps, method and underlag."""
    text = context.wording.text
    none = () if posts else (context.wording.sentence("inga_avvikelser"),)
    limits = (*first, *none, *_limit_sentences(context))
    return [
        Sektion("avvikelser", text("rubrik_avvikelser"), meningar=limits, avvikelser=tuple(posts)),
        Sektion("ej-rapporterat", text("rubrik_ej_rapporterat"), punkter=gap_sentences(context, enheter)),
        Sektion("metod", text("rubrik_metod"), punkter=_method(context, enheter)),
        Sektion("underlag", text("rubrik_underlag"), underlag=_underlag(context, enheter)),
    ]


def _limit_sentences(context: ReportContext) -> tuple[Mening, ...]:
    said = []
    for avser in ("drift", "investeringar", "volymer"):
        grans = context.grans(avser)
        if grans is None:
            continue
        name = "gransvarde_intro" if grans.belopp_tkr else "gransvarde_intro_procent"
        values = {"belopp": str(grans.belopp_tkr)} if grans.belopp_tkr else {}
        said.append(
            context.wording.sentence(
                name,
                **values,
                procent=procent_text(grans.procent_bp),
                avser=MATT[avser].namn.lower(),
                fran=grans.giltig_fran.isoformat(),
                referens=grans.referens,
            )
        )
    return tuple(said)


def _method(context: ReportContext, enheter: Sequence[Enhet]) -> tuple[Mening, ...]:
    turned = {enhet.investering_visas for enhet in enheter if enhet.investeringar is not None}
    names = ["metod_tecken_drift"]
    if "utgift_positiv" in turned:
        names.append("metod_tecken_investering")
    if "utgift_negativ" in turned and len(turned) == 1:
        names.append("metod_tecken_investering_negativ")
    if any(enhet.volymer for enhet in enheter):
        names.append("metod_tecken_volym")
    if any(is_settled(context, enhet) for enhet in enheter):
        names.append("metod_reglering")
    names.extend(["metod_fyra", "metod_avrundning", "metod_saknas", "metod_spar"])
    return tuple(context.wording.sentence(name) for name in names)


def _underlag(context: ReportContext, enheter: Sequence[Enhet]) -> tuple[Underlag, ...]:
    wanted = {context.kommun.forvaltning_of(enhet.kod).kod for enhet in enheter}
    names = {forvaltning.kod: forvaltning.namn for forvaltning in context.kommun.forvaltningar}
    return tuple(
        Underlag(
            names.get(retur.forvaltning, "Budgetregistret"),
            retur.fil,
            retur.mottagen,
            str(retur.version),
            retur.sha256,
            "godkänd" if retur.status == "godkand" else "stoppad, ingår inte",
        )
        for retur in context.returer
        if retur.forvaltning in wanted or not retur.forvaltning
    )
