"""From a SIE file's records to the ledger's frames (``transforms.ledger.frames``): movements per month, and the year's balances."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pandas as pd

from transforms.ledger.frames import BALANCES, LEDGER, LEDGER_BUDGET
from transforms.ledger.sie import Objekt, Saldo, SieFile

KODDELAR = ("ansvar", "verksamhet", "projekt", "motpart")
"""The parts of the kodsträng beside konto."""

DIMENSIONER: Mapping[str, str] = MappingProxyType({"ansvar": "1", "projekt": "6"})
"""The dimension numbers that SIE reserves: 1 kostnadsställe, 6 projekt. Verksamhet and motpart have a number of the kommun's own."""

_Key = tuple[str, str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class LedgerFrames:
    """A ledger as frames. ``ledger``: ``frames.LEDGER``; ``budget``: ``frames.LEDGER_BUDGET``; ``balances``: ``frames.BALANCES``."""

    ledger: pd.DataFrame
    budget: pd.DataFrame
    balances: pd.DataFrame


def ledger_frames(sie: SieFile, dimensioner: Mapping[str, str] = DIMENSIONER) -> LedgerFrames:
    """The file's movements, budget and balances.

    Movements come from the vouchers where the file has any (type 4), else from its period balances (types 2 and 3). Object balances
    overlap the account's own, so of them only those per ansvar are taken, and what is left of the account stands with ansvar ''.
    Type 1 has no months: its movements are an empty frame.

    Source: SIE filformat utgåva 4B: #PSALDO is the month's change; #TRANS the rows that count.
    Args:
        sie: a file that no finding stops.
        dimensioner: koddel → the file's dimension number.
    Raises:
        SchemaMismatch: E101, the file has a balance twice (it has E816 and is not to be used).
    """
    own = [saldo for saldo in sie.saldon if saldo.etikett == "PSALDO"]
    rows = _from_vouchers(sie, dimensioner) if sie.verifikat else _from_balances(own, dimensioner)
    budget = _from_balances((saldo for saldo in sie.saldon if saldo.etikett == "PBUDGET"), dimensioner)
    return LedgerFrames(
        LEDGER.frame(_summed(rows, sie)), LEDGER_BUDGET.frame(_summed(budget, sie)), BALANCES.frame(_balances(sie))
    )


def _from_vouchers(sie: SieFile, dimensioner: Mapping[str, str]) -> Iterator[tuple[_Key, int, int]]:
    for voucher in sie.verifikat:
        for row in voucher.rader:
            if row.etikett == "TRANS":
                day = row.datum or voucher.datum
                period = f"{day.year:04d}-{day.month:02d}"
                yield (period, row.konto, *_koddelar(row.objekt, dimensioner)), row.ore, row.rad


def _from_balances(saldon: Iterable[Saldo], dimensioner: Mapping[str, str]) -> Iterator[tuple[_Key, int, int]]:
    """Month balances per ansvar, and the rest of the account.

    Where rows of ansvar alone stand beside rows of ansvar with other koddelar, the former are taken: they are the whole of it.
    """
    groups: dict[tuple[str, str], list[Saldo]] = {}
    for saldo in saldon:
        groups.setdefault((saldo.konto, saldo.period or ""), []).append(saldo)
    for (konto, period), group in groups.items():
        whole = [saldo for saldo in group if not saldo.objekt]
        placed = [saldo for saldo in group if any(dim == dimensioner.get("ansvar") for dim, _ in saldo.objekt)]
        chosen = [saldo for saldo in placed if len(saldo.objekt) == 1] or placed
        for saldo in chosen:
            yield (period, konto, *_koddelar(saldo.objekt, dimensioner)), saldo.ore, saldo.rad
        rest = sum(saldo.ore for saldo in whole) - sum(saldo.ore for saldo in chosen)
        if whole and (rest or not chosen):
            yield (period, konto, "", "", "", ""), rest, whole[0].rad


def _koddelar(objekt: Objekt, dimensioner: Mapping[str, str]) -> tuple[str, str, str, str]:
    own = dict(objekt)
    ansvar, verksamhet, projekt, motpart = (own.get(dimensioner.get(koddel, ""), "") for koddel in KODDELAR)
    return ansvar, verksamhet, projekt, motpart


def _summed(rows: Iterable[tuple[_Key, int, int]], sie: SieFile) -> list[dict[str, object]]:
    """Rows of the same key added up, sorted, with the lines they stand on."""
    sums: dict[_Key, int] = {}
    lines: dict[_Key, list[int]] = {}
    for key, ore, line in rows:
        sums[key] = sums.get(key, 0) + ore
        lines.setdefault(key, []).append(line)
    return [
        {
            "ar": int(key[0][:4]),
            **dict(zip(("period", "konto", *KODDELAR), key, strict=True)),
            "ledger_ore": sums[key],
            **_origin(sie, lines[key]),
        }
        for key in sorted(sums)
    ]


def _balances(sie: SieFile) -> list[dict[str, object]]:
    rows = []
    for saldo in sie.saldon:
        if saldo.etikett in ("IB", "UB", "RES") and saldo.arsnr in sie.rakenskapsar:
            rows.append(
                {
                    "ar": sie.rakenskapsar[saldo.arsnr][1].year,
                    "slag": saldo.etikett.lower(),
                    "konto": saldo.konto,
                    "ledger_ore": saldo.ore,
                    **_origin(sie, [saldo.rad]),
                }
            )
    return sorted(rows, key=lambda row: (-int(str(row["ar"])), str(row["slag"]), str(row["konto"])))


def _origin(sie: SieFile, lines: Iterable[int]) -> dict[str, object]:
    return {"sha256": sie.sha256, "fil": sie.fil, "rader": ",".join(str(line) for line in sorted(set(lines)))}
