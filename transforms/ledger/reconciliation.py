"""Avstämning: two figures that must be one, held against each other within a stated tolerance; and what a person accepts.

Whoever has figures that must agree makes ``Kontroll``s of them (returns and ledger here; statements, notes and cash flow elsewhere),
and ``judge`` says which agree, which differ and which difference has been accepted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from data_contracts.felkoder import Felkod
from data_contracts.findings import Finding
from data_contracts.kommun import Kommun
from transforms.belopp import belopp_text
from transforms.figures import BERAKNAD, KOMMUNEN, RESULTAT, Figure, FigureIndex, combine
from transforms.ledger.figures import SERIE
from transforms.ledger.frames import BALANCES
from transforms.ledger.placement import Placed
from transforms.period import Period
from transforms.summation import result_of

AVSTAMNING = "avstamning"
"""The serie of a difference: utfall − huvudbok."""


class Utfall(StrEnum):
    """What an avstämning came to."""

    STAMMER = "stämmer"
    INOM_TOLERANS = "inom tolerans"
    ACCEPTERAD = "accepterad"
    AVVIKER = "avviker"
    SAKNAS = "uppgift saknas"


@dataclass(frozen=True, slots=True)
class Kontroll:
    """Two amounts that must agree.

    Attributes:
        id: stable within the period, ``namnd_huvudbok.BUN.drift``: acceptances point at it.
        namn, vad: what is compared, in words; ``vanster_namn`` and ``hoger_namn`` the two sides.
        vanster, hoger: öre; None is missing, and then nothing can be said to agree.
        namnder: codes of the nämnder whose reports it stops when it differs; the kommun's is always among them.
        tolerans_ore, referens: how far apart they may be, and by what.
        vanster_id, hoger_id: the figures, where they are figures; '' otherwise.
    """

    id: str
    namn: str
    vanster_namn: str
    hoger_namn: str
    vanster: int | None
    hoger: int | None
    namnder: tuple[str, ...]
    tolerans_ore: int
    referens: str
    vanster_id: str = ""
    hoger_id: str = ""
    differens_id: str = ""

    @property
    def differens(self) -> int | None:
        """vänster − höger in öre; None when either is missing."""
        return None if self.vanster is None or self.hoger is None else self.vanster - self.hoger


@dataclass(frozen=True, slots=True)
class Acceptans:
    """A difference that a person has accepted: holds for that amount alone, so a changed difference is no longer accepted."""

    kontroll: str
    differens_ore: int
    roll: str
    skal: str
    tid: str


@dataclass(frozen=True, slots=True)
class Avstamningsrad:
    """A kontroll with its outcome, and who accepted it."""

    kontroll: Kontroll
    utfall: Utfall
    acceptans: Acceptans | None = None

    @property
    def stops(self) -> bool:
        """True when the reports that it concerns may not go on."""
        return self.utfall is Utfall.AVVIKER


def judge(checks: Iterable[Kontroll], accepted: Sequence[Acceptans]) -> tuple[Avstamningsrad, ...]:
    """Each kontroll with its outcome, in order.

    Equal: stämmer. Apart by at most the tolerance: inom tolerans. More: avviker, unless someone has accepted just that difference. A
    missing side is uppgift saknas, which does not stop: a return that has not come is told of elsewhere.

    Source: the kommun's own tolerance with its reference (kommun.yaml, huvudbok: toleranser).
    """
    known = {(one.kontroll, one.differens_ore): one for one in accepted}
    judged: list[Avstamningsrad] = []
    for check in checks:
        difference = check.differens
        if difference is None:
            judged.append(Avstamningsrad(check, Utfall.SAKNAS))
        elif difference == 0:
            judged.append(Avstamningsrad(check, Utfall.STAMMER))
        elif abs(difference) <= check.tolerans_ore:
            judged.append(Avstamningsrad(check, Utfall.INOM_TOLERANS))
        else:
            acceptance = known.get((check.id, difference))
            judged.append(Avstamningsrad(check, Utfall.ACCEPTERAD if acceptance else Utfall.AVVIKER, acceptance))
    return tuple(judged)


def stopped_namnder(judged: Iterable[Avstamningsrad]) -> frozenset[str]:
    """Codes of the nämnder whose reports are stopped; the kommun's report is stopped when there is any."""
    return frozenset(kod for one in judged if one.stops for kod in one.kontroll.namnder)


def reconciliation_findings(judged: Iterable[Avstamningsrad], felkoder: Mapping[str, Felkod]) -> tuple[Finding, ...]:
    """E830 for each difference above its tolerance that nobody has accepted."""
    return tuple(
        felkoder["E830"].finding(
            found=one.kontroll.id,
            namn=one.kontroll.namn,
            belopp=belopp_text(one.kontroll.differens or 0, "kr", plus=True),
            tolerans=belopp_text(one.kontroll.tolerans_ore, "kr"),
        )
        for one in judged
        if one.stops
    )


def differences(figures: FigureIndex) -> tuple[Figure, ...]:
    """avstamning per enhet, mått and rad = utfall − huvudbok, in the signs of the mått. Missing when either is.

    Source: docs/beslut/ (avstämning).
    """
    found: list[Figure] = []
    for utfall in figures:
        ledger = figures.get(utfall.enhet, utfall.matt, utfall.rad, SERIE) if utfall.serie == "utfall" else None
        if ledger is None:
            continue
        found.append(
            Figure(
                period=utfall.period,
                enhet=utfall.enhet,
                matt=utfall.matt,
                rad=utfall.rad,
                serie=AVSTAMNING,
                namn=utfall.namn,
                varde=combine(((1, utfall), (-1, ledger))),
                slag=BERAKNAD,
                formel="utfall − huvudbok",
                indata=((1, utfall.figure_id), (-1, ledger.figure_id)),
            )
        )
    return tuple(found)


def return_checks(figures: FigureIndex, kommun: Kommun, period: Period) -> tuple[Kontroll, ...]:
    """Every enhet's result and investeringar in the returns against the ledger.

    An enhet that is settled to zero is compared before reglering too, by its rows. Source: kommun.yaml, huvudbok: toleranser.
    """
    tolerans, referens = tolerance_of(kommun, period)
    checks: list[Kontroll] = []
    for enhet in kommun.enheter:
        for matt, what in (("drift", "driftens resultat"), ("investeringar", "investeringar")):
            kod = enhet.drift if matt == "drift" else enhet.investeringar
            if kod is None:
                continue
            row = kommun.uppstallning(kod).huvudrad
            utfall, ledger = (figures.get(enhet.kod, matt, row, serie) for serie in ("utfall", SERIE))
            if utfall is None or ledger is None:
                continue
            difference = figures.get(enhet.kod, matt, row, AVSTAMNING)
            checks.append(
                Kontroll(
                    id=f"retur_huvudbok.{enhet.kod}.{matt}",
                    namn=f"{enhet.namn}, {what}",
                    vanster_namn="Retur",
                    hoger_namn="Huvudbok",
                    vanster=utfall.varde,
                    hoger=ledger.varde,
                    namnder=(kommun.namnd_of(enhet.kod).kod,),
                    tolerans_ore=tolerans,
                    referens=referens,
                    vanster_id=utfall.figure_id,
                    hoger_id=ledger.figure_id,
                    differens_id=difference.figure_id if difference else "",
                )
            )
    return tuple(checks)


def table_checks(figures: FigureIndex, kommun: Kommun) -> tuple[Kontroll, ...]:
    """The nämnder's tables against the kommun's: Σ of the nämnder's enheter = the kommun's result, exactly, for utfall and prognos.

    Source: docs/arkitektur.md, summation: the same figures in both tables.
    """
    checks: list[Kontroll] = []
    for matt, what in (("drift", "driftens resultat"), ("investeringar", "investeringar")):
        for serie in ("utfall", "prognos"):
            whole = figures.get(KOMMUNEN, matt, RESULTAT, serie)
            if whole is None:
                continue
            parts = [
                (1, result_of(figures, kommun.enhet(kod), matt, serie, kommun))
                for namnd in kommun.namnder
                for kod in namnd.enheter
                if result_of(figures, kommun.enhet(kod), matt, serie, kommun) is not None
            ]
            checks.append(
                Kontroll(
                    id=f"namnder_kommun.{matt}.{serie}",
                    namn=f"Nämndernas tabeller mot kommunens, {what}, {serie}",
                    vanster_namn="Nämnderna",
                    hoger_namn="Kommunen",
                    vanster=combine(parts),
                    hoger=whole.varde,
                    namnder=(),
                    tolerans_ore=0,
                    referens="summorna är exakta i ören",
                    hoger_id=whole.figure_id,
                )
            )
    return tuple(checks)


def ledger_checks(placed: Sequence[Placed], kommun: Kommun, period: Period) -> tuple[Kontroll, ...]:
    """Within the ledger: internal income = internal cost for the kommun and each pair of enheter; nothing stands outside the tables.

    Signs: income +, cost −; what has no place is shown as the ledger's result.
    Source: kommun.yaml, huvudbok: interna_motparter; elimination of internal posts.
    """
    tolerans, referens = tolerance_of(kommun, period)
    income: dict[tuple[str, str], int] = {}
    cost: dict[tuple[str, str], int] = {}
    for row in placed:
        if row.matt == "drift" and row.motpart_enhet and row.enhet:
            side = income if row.konto[:1] == "3" else cost
            pair = (row.enhet, row.motpart_enhet) if side is income else (row.motpart_enhet, row.enhet)
            side[pair] = side.get(pair, 0) - row.ledger_ore
    checks = [
        Kontroll(
            id=f"interna.{seller}.{buyer}",
            namn=f"Interna poster: {kommun.enhet(seller).namn} säljer till {kommun.enhet(buyer).namn}",
            vanster_namn="Intern intäkt",
            hoger_namn="Intern kostnad",
            vanster=income.get((seller, buyer), 0),
            hoger=-cost.get((seller, buyer), 0),
            namnder=tuple(dict.fromkeys((kommun.namnd_of(seller).kod, kommun.namnd_of(buyer).kod))),
            tolerans_ore=tolerans,
            referens=referens,
        )
        for seller, buyer in sorted({*income, *cost})
    ]
    outside = -sum(row.ledger_ore for row in placed if row.matt == "drift" and not row.rad)
    checks.append(
        Kontroll(
            id="huvudbok.utanfor_tabellerna",
            namn="Huvudbokens resultat på ansvar eller konton som ingen rad tar emot",
            vanster_namn="Utan rad",
            hoger_namn="Ska vara",
            vanster=outside,
            hoger=0,
            namnder=(),
            tolerans_ore=tolerans,
            referens=referens,
        )
    )
    return tuple(checks)


def tolerance_of(kommun: Kommun, period: Period) -> tuple[int, str]:
    """The kommun's tolerance in öre on the period's last day, and its reference; exactly equal where it has none."""
    found = kommun.huvudbok.tolerans(period.last_day) if kommun.huvudbok else None
    return (0, "ingen tolerans gäller") if found is None else (found.belopp_kr * 100, found.referens)


def balance_checks(balances: pd.DataFrame, period: Period) -> tuple[Kontroll, ...]:
    """Opening balances against last year's closing balances, where the file has both: per kontogrupp that differs, else as one.

    Compared per group of two digits, since the year's result is moved between the accounts of eget kapital at the start of a year.
    Source: lag (2018:597) 4 kap. 4 §: ingående balans ska stämma med föregående års utgående balans.
    Args:
        balances: ``frames.BALANCES``.
    """
    BALANCES.check(balances)
    sides: dict[str, dict[str, int]] = {}
    for row in balances.to_dict("records"):
        for slag, year in (("ib", period.year), ("ub", period.year - 1)):
            if row["slag"] == slag and row["ar"] == year:
                group = sides.setdefault(slag, {})
                group[str(row["konto"])[:2]] = group.get(str(row["konto"])[:2], 0) + int(row["ledger_ore"])
    if len(sides) < 2:
        return ()
    opening, closing = sides["ib"], sides["ub"]
    groups = sorted({*opening, *closing})
    differing = [group for group in groups if opening.get(group, 0) != closing.get(group, 0)]
    return tuple(
        Kontroll(
            id=f"ib_ub.{group}" if differing else "ib_ub",
            namn=f"Ingående balans mot föregående års utgående, kontogrupp {group}"
            if differing
            else "Ingående balanser mot föregående års utgående, alla kontogrupper",
            vanster_namn="Ingående",
            hoger_namn="Utgående",
            vanster=opening.get(group, 0) if differing else sum(opening.values()),
            hoger=closing.get(group, 0) if differing else sum(closing.values()),
            namnder=(),
            tolerans_ore=0,
            referens="lag (2018:597) 4 kap. 4 §",
        )
        for group in differing or ["alla"]
    )
