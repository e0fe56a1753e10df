"""What has not been reported: missing returns, stopped returns, blank columns. Nothing of it is silent."""

from __future__ import annotations

from data_contracts.kommun import Enhet
from transforms.figures import Figure
from transforms.matt import MATT, SERIER
from transforms.normalisation import RETUR_SERIER
from transforms.view_types import Mening
from transforms.views.context import ReportContext


def gap_sentences(context: ReportContext, enheter: tuple[Enhet, ...]) -> tuple[Mening, ...]:
    """One sentence per missing or stopped return and per column that is blank, wholly or in part; or that nothing is missing."""
    said = [*_returns(context, enheter)]
    for enhet in enheter:
        if context.has_return(enhet):
            said.extend(_columns(context, enhet))
            if not enhet.volymer:
                said.append(context.wording.sentence("ej_volymer", enhet=enhet.namn))
    return tuple(said) or (context.wording.sentence("ej_inget"),)


def _returns(context: ReportContext, enheter: tuple[Enhet, ...]) -> list[Mening]:
    wanted = {context.kommun.forvaltning_of(enhet.kod).kod for enhet in enheter}
    said: list[Mening] = []
    for forvaltning in context.kommun.forvaltningar:
        if forvaltning.kod not in wanted:
            continue
        own = [retur for retur in context.returer if retur.forvaltning == forvaltning.kod]
        for retur in own:
            if retur.status == "stoppad":
                said.append(
                    context.wording.sentence(
                        "ej_stoppad", fil=retur.fil, forvaltning=forvaltning.namn, antal=str(retur.antal_fel)
                    )
                )
        if not any(retur.status == "godkand" for retur in own):
            said.append(context.wording.sentence("ej_retur", forvaltning=forvaltning.namn, period=context.period.text))
    return said


def _columns(context: ReportContext, enhet: Enhet) -> list[Mening]:
    said: list[Mening] = []
    for matt, serier in RETUR_SERIER.items():
        for serie in ("budget", *serier) if "budget" not in serier else serier:
            rows = [
                f for f in context.figures if (f.enhet, f.matt, f.serie) == (enhet.kod, matt, serie) and _is_entered(f)
            ]
            missing = [figure for figure in rows if figure.varde is None]
            if not missing:
                continue
            values = {"enhet": enhet.namn, "tabell": MATT[matt].namn.lower(), "kolumn": SERIER[serie].lower()}
            if len(missing) == len(rows):
                said.append(context.wording.sentence("ej_alla", **values))
            else:
                said.append(
                    context.wording.sentence("ej_rader", **values, antal=str(len(missing)), alla=str(len(rows)))
                )
    return said


def _is_entered(figure: Figure) -> bool:
    """True for figures that a person enters or the register holds; sums and avvikelser repeat their gaps."""
    return figure.slag != "beraknad" or figure.serie == "fg_prognos"
