"""Small kommuner and figures for tests of the transforms, written as a person would write them on paper."""

from __future__ import annotations

import datetime as dt

from data_contracts.kommun import (
    Enhet,
    Finansiering,
    Forvaltning,
    Grans,
    Kalender,
    Kommun,
    Namnd,
    Rad,
    RadTyp,
    Uppstallning,
)
from transforms.figures import INLAMNAD, Figure, FigureIndex


def small_kommun(*enheter: tuple[str, Finansiering], granser: tuple[Grans, ...] = ()) -> Kommun:
    """A kommun whose enheter all use one drift uppställning (intäkter, kostnader, summa) and one of investeringar."""
    return Kommun(
        schema_version=1,
        kod="prov",
        namn="Provkommun",
        kommunkod="0098",
        enheter=tuple(Enhet(kod=kod, namn=kod, finansiering=f, drift="d", investeringar="i") for kod, f in enheter),
        namnder=tuple(Namnd(kod=kod, namn=kod, enheter=(kod,)) for kod, _ in enheter),
        forvaltningar=tuple(Forvaltning(kod=f"F{kod}", namn=f"F{kod}", enheter=(kod,)) for kod, _ in enheter),
        uppstallningar=(
            Uppstallning(
                kod="d",
                namn="Drift",
                resultatrad="resultat",
                rader=(
                    Rad(kod="intakter", namn="Intäkter", typ=RadTyp.INTAKT),
                    Rad(kod="personal", namn="Personal", typ=RadTyp.KOSTNAD),
                    Rad(kod="ovrigt", namn="Övrigt", typ=RadTyp.KOSTNAD),
                    Rad(kod="kostnader", namn="Kostnader", typ=RadTyp.SUMMA, delar=("personal", "ovrigt")),
                    Rad(kod="resultat", namn="Resultat", typ=RadTyp.SUMMA, delar=("intakter", "kostnader")),
                ),
            ),
            Uppstallning(
                kod="i",
                namn="Investeringar",
                resultatrad="totalt",
                rader=(
                    Rad(kod="projekt", namn="Projekt", typ=RadTyp.UTGIFT),
                    Rad(kod="totalt", namn="Totalt", typ=RadTyp.SUMMA, delar=("projekt",)),
                ),
            ),
        ),
        granser=granser,
        kalender=Kalender(retur_senast_arbetsdag=7, stangning_dag=12),
    )


def figures(text: str, matt: str = "drift", period: str = "2026-04") -> FigureIndex:
    """Figures from lines 'enhet rad serie kronor' (``?`` = uppgift saknas; ``serie@år`` for another year)."""
    found = []
    for line in text.strip().splitlines():
        enhet, rad, serie, kronor = line.split()
        serie, _, year = serie.partition("@")
        found.append(
            Figure(
                period=period,
                enhet=enhet,
                matt=matt,
                rad=rad,
                serie=serie,
                namn=rad,
                varde=None if kronor == "?" else int(kronor) * 100,
                slag=INLAMNAD,
                vardear=int(year) if year else None,
            )
        )
    return FigureIndex(found)


def grans(avser: str = "drift", *, tkr: int = 200, bp: int = 100, fran: str = "2026-01-01") -> Grans:
    """A limit."""
    return Grans(avser=avser, belopp_tkr=tkr, procent_bp=bp, giltig_fran=dt.date.fromisoformat(fran), referens="prov")
