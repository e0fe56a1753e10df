"""The catalogue of codes that are not rules of a contract: reading, parsing, configuration. The texts live in ``felkoder.yaml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from data_contracts.findings import Finding, Severity

_CODE = re.compile(r"[ER]\d{3}")
_FIELDS = {"titel", "allvar", "meddelande", "atgard"}


class FelkodError(ValueError):
    """The catalogue itself is wrong (E001). The message is Swedish and names file and code."""


@dataclass(frozen=True, slots=True)
class Felkod:
    """One stable code with its Swedish texts.

    Attributes:
        code: ``E110``; R for what goes wrong while reports are made.
        titel: what it is about, in a few words.
        severity: how grave it is.
        meddelande, atgard: whole sentences; may hold names in braces that ``finding`` fills.
    """

    code: str
    titel: str
    severity: Severity
    meddelande: str
    atgard: str

    def finding(
        self,
        *,
        file: str = "",
        sheet: str = "",
        cell: str = "",
        found: str = "",
        forvaltning: str = "",
        period: str = "",
        **values: object,
    ) -> Finding:
        """A finding of this code at a place.

        The texts' braces are filled from ``values``; {blad}, {cell} and {varde} are the place and the content as found.

        Raises:
            KeyError: the text names a value that was not given (a fault in the program).
        Example:
            >>> Felkod("E120", "Blad", Severity.STOPPAR, "Bladet {blad} saknas.", "Lägg tillbaka.").finding(sheet="Drift").message
            'Bladet Drift saknas.'
        """
        filled = {"blad": sheet, "cell": cell, "varde": found, **values}
        return Finding(
            code=self.code,
            severity=self.severity,
            message=self.meddelande.format_map(filled),
            advice=self.atgard.format_map(filled),
            file=file,
            sheet=sheet,
            cell=cell,
            found=found,
            forvaltning=forvaltning,
            period=period,
        )


def parse_felkoder(raw: Mapping[str, Any], source: str) -> dict[str, Felkod]:
    """The catalogue from parsed YAML: code → Felkod, in code order.

    Raises:
        FelkodError: E001 with file and code, when a code, field or allvar is unknown or missing.
    """
    catalogue: dict[str, Felkod] = {}
    for code, texts in sorted(raw.items()):
        if not _CODE.fullmatch(str(code)):
            raise FelkodError(f"E001 {source}: {code!r} är ingen kod (E eller R och tre siffror).")
        if not isinstance(texts, Mapping) or set(texts) != _FIELDS or not all(texts.values()):
            raise FelkodError(
                f"E001 {source}, {code}: ska ha just fälten titel, allvar, meddelande och atgard, alla ifyllda."
            )
        try:
            severity = Severity(texts["allvar"])
        except ValueError as error:
            raise FelkodError(
                f"E001 {source}, {code}: allvar ska vara stoppar, ska förklaras eller notering."
            ) from error
        catalogue[str(code)] = Felkod(str(code), texts["titel"], severity, texts["meddelande"], texts["atgard"])
    return catalogue
