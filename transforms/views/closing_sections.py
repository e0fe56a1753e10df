"""The sections that end every report: avvikelser, what is missing, method and underlag."""

from __future__ import annotations

from collections.abc import Sequence

from data_contracts.kommun import Enhet
from transforms.belopp import procent_text
from transforms.corrections import AS_ENTERED, CORRECTION
from transforms.figures import RATTELSE
from transforms.matt import MATT
from transforms.view_types import Avvikelsepost, Kolumn, Mening, Rattelserad, Sektion, Tabell, Tabellrad, Underlag
from transforms.views.avstamning import avstamning_section
from transforms.views.context import ReportContext, tal
from transforms.views.gaps import gap_sentences
from transforms.views.summary import is_settled
from transforms.views.trail import figure_name

_HELHET_COLUMNS = (
    ("budget", "Budget helår"),
    ("prognos", "Prognos helår"),
    ("avvikelse_helar", "Avvikelse prognos mot budget"),
)


def closing_sections(
    context: ReportContext,
    enheter: Sequence[Enhet],
    posts: Sequence[Avvikelsepost],
    register: Sequence[Sektion],
    *first: Mening,
) -> list[Sektion]:
    """Avvikelser (led by ``first`` and the limits), their register, gaps, method and underlag."""
    text = context.wording.text
    none = () if posts or not _all_in(context, enheter) else (context.wording.sentence("inga_avvikelser"),)
    limits = (*first, *none, *_limit_sentences(context))
    whole = [post for post in posts if post.i_helheten]
    own = [post for post in posts if not post.i_helheten]
    return [
        Sektion("avvikelser", text("rubrik_avvikelser"), meningar=limits, avvikelser=tuple(own)),
        *([_explained_by_the_whole(context, whole)] if whole else []),
        *register,
        Sektion("ej-rapporterat", text("rubrik_ej_rapporterat"), punkter=gap_sentences(context, enheter)),
        *avstamning_section(context, enheter),
        Sektion("metod", text("rubrik_metod"), punkter=_method(context, enheter)),
        Sektion(
            "underlag",
            text("rubrik_underlag"),
            underlag=_underlag(context, enheter),
            rattelser=_corrections(context, enheter),
        ),
    ]


def _all_in(context: ReportContext, enheter: Sequence[Enhet]) -> bool:
    """True when every enhet's return is in the closing; else "no avvikelser" would be good news of what nobody knows."""
    return all(context.has_return(enhet) for enhet in enheter)


def _explained_by_the_whole(context: ReportContext, posts: Sequence[Avvikelsepost]) -> Sektion:
    """The avvikelser without a word of their own, in a table per unit under the comment that covers them."""
    tables: list[Tabell] = []
    for unit in dict.fromkeys(post.enhet for post in posts):
        rows = [
            Tabellrad(
                f"{post.enhet_namn}, {post.avser.lower()}: {post.rad_namn}", (post.budget, post.prognos, post.avvikelse)
            )
            for post in posts
            if post.enhet == unit
        ]
        tables.append(
            Tabell(
                id=f"avvikelser-helheten-{len(tables)}",
                rubrik=context.wording.text("tabell_helheten"),
                enhet=unit,
                teckenregel=context.wording.text("teckenregel_helheten"),
                radrubrik="Rad",
                kolumner=tuple(Kolumn(kod, namn) for kod, namn in _HELHET_COLUMNS),
                rader=tuple(rows),
            )
        )
    return Sektion("avvikelser-helheten", context.wording.text("rubrik_helheten"), niva=3, tabeller=tuple(tables))


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
    smatal = context.kommun.smatal
    held_back = (
        (context.wording.sentence("metod_smatal", antal=str(smatal.hogst_personer), referens=smatal.referens),)
        if context.skyddade
        else ()
    )
    own = (Mening((context.kommun.periodavgransning_not,)),) if context.kommun.periodavgransning_not else ()
    return (*(context.wording.sentence(name) for name in names), *held_back, *own)


def _underlag(context: ReportContext, enheter: Sequence[Enhet]) -> tuple[Underlag, ...]:
    names = {forvaltning.kod: forvaltning.namn for forvaltning in context.kommun.forvaltningar}
    return tuple(
        Underlag(
            names.get(retur.forvaltning, "Budgetregistret"),
            retur.fil,
            retur.mottagen,
            str(retur.version),
            retur.sha256,
            (retur.vald or "godkänd") if retur.status == "godkand" else "stoppad, ingår inte",
        )
        for retur in context.returns_of(enheter)
    )


def _corrections(context: ReportContext, enheter: Sequence[Enhet]) -> tuple[Rattelserad, ...]:
    """The declared corrections of the enheter's figures, in the order of the figures."""
    codes = {enhet.kod for enhet in enheter}
    rows = []
    for change in context.figures:
        if change.slag != RATTELSE or change.enhet not in codes:
            continue
        serie = change.serie.removesuffix(CORRECTION)
        original, corrected = (
            context.figures.get(change.enhet, change.matt, change.rad, name, change.vardear)
            for name in (serie + AS_ENTERED, serie)
        )
        if corrected is not None:
            unit = "kr" if change.enhet_matt == "ore" else change.enhet_matt
            name = figure_name(corrected, context.kommun)
            rows.append(Rattelserad(name, tal(original, "kr"), tal(corrected, "kr"), unit, change.formel))
    return tuple(rows)
