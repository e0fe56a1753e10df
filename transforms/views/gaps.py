"""What has not been reported: missing returns, stopped returns, blank columns. Nothing of it is silent."""

from __future__ import annotations

from collections.abc import Sequence

from data_contracts.kommun import Enhet
from transforms.figures import BERAKNAD, Figure
from transforms.matt import MATT, SERIER
from transforms.normalisation import RETUR_SERIER
from transforms.view_types import Mening
from transforms.views.context import ReportContext
from transforms.views.follow_up_gaps import follow_up_gaps
from transforms.wording import listed

_NAMED = 3


def gap_sentences(context: ReportContext, enheter: Sequence[Enhet]) -> tuple[Mening, ...]:
    """Missing and stopped returns, then per table the columns and rows that are blank and whose; or that nothing is missing."""
    reported = [enhet for enhet in enheter if context.has_return(enhet)]
    said = [*_returns(context, enheter)]
    for matt in RETUR_SERIER:
        said.extend(_wholly_blank(context, reported, matt))
        said.extend(_partly_blank(context, reported, matt))
    said.extend(follow_up_gaps(context, reported))
    without = [enhet.namn for enhet in reported if not enhet.volymer]
    if without:
        said.append(context.wording.sentence("ej_volymer", enheter=_listed(without, len(without) == len(enheter))))
    return tuple(said) or (context.wording.sentence("ej_inget"),)


def _returns(context: ReportContext, enheter: Sequence[Enhet]) -> list[Mening]:
    wanted = {context.kommun.forvaltning_of(enhet.kod).kod for enhet in enheter}
    said: list[Mening] = []
    for forvaltning in context.kommun.forvaltningar:
        if forvaltning.kod not in wanted:
            continue
        own = [retur for retur in context.returer if retur.forvaltning == forvaltning.kod]
        counting = next((retur for retur in own if retur.status == "godkand"), None)
        for retur in own:
            if retur.status == "stoppad":
                values = {"fil": retur.fil, "forvaltning": forvaltning.namn, "antal": str(retur.antal_fel)}
                said.append(context.wording.sentence("ej_stoppad", **values))
                if counting is not None:
                    said.append(
                        context.wording.sentence("ej_stoppad_aldre", version=str(counting.version), fil=counting.fil)
                    )
        if counting is None:
            said.append(context.wording.sentence("ej_retur", forvaltning=forvaltning.namn, period=context.period.text))
    return said


def _entered(context: ReportContext, enhet: Enhet, matt: str, serie: str) -> list[Figure]:
    """The figures that a person enters or the register holds; sums and avvikelser repeat their gaps."""
    return [
        figure
        for figure in context.figures.series(enhet.kod, matt, serie)
        if figure.slag != BERAKNAD or serie == "fg_prognos"
    ]


def _is_missing(figure: Figure) -> bool:
    return figure.varde is None and not figure.is_not_applicable and not figure.skyddad


def _serier(matt: str) -> tuple[str, ...]:
    return ("budget", *(serie for serie in RETUR_SERIER[matt] if serie != "budget"))


def _wholly_blank(context: ReportContext, enheter: Sequence[Enhet], matt: str) -> list[Mening]:
    """'Drift: periodbudget och utfall perioden har inte lämnats av Avfall och VA.' Enheter with the same gaps share a sentence."""
    blank: dict[tuple[str, ...], list[str]] = {}
    reporting = [enhet for enhet in enheter if _entered(context, enhet, matt, "prognos")]
    for enhet in reporting:
        figures = {serie: _entered(context, enhet, matt, serie) for serie in _serier(matt)}
        missing = tuple(
            serie for serie, found in figures.items() if found and all(_is_missing(figure) for figure in found)
        )
        if missing:
            blank.setdefault(missing, []).append(enhet.namn)
    return [
        context.wording.sentence(
            "ej_alla",
            tabell=MATT[matt].namn,
            kolumner=listed([SERIER[serie].lower() for serie in missing]),
            enheter=_listed(names, len(names) == len(reporting) and len(names) > 1),
        )
        for missing, names in blank.items()
    ]


def _partly_blank(context: ReportContext, enheter: Sequence[Enhet], matt: str) -> list[Mening]:
    """One sentence per enhet and column where some rows are blank and others not, naming up to three of the rows."""
    said: list[Mening] = []
    for enhet in enheter:
        for serie in _serier(matt):
            figures = _entered(context, enhet, matt, serie)
            missing = [figure.namn for figure in figures if _is_missing(figure)]
            if missing and len(missing) < len(figures):
                rows = listed(missing) if len(missing) <= _NAMED else f"{len(missing)} av {len(figures)} rader"
                values = {
                    "tabell": MATT[matt].namn,
                    "kolumn": SERIER[serie].lower(),
                    "enhet": enhet.namn,
                    "rader": rows,
                }
                said.append(context.wording.sentence("ej_rader", **values))
    return said


def _listed(names: Sequence[str], everyone: bool) -> str:
    return "någon" if everyone and len(names) > 1 else listed(names)
