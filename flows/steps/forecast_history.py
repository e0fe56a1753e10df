"""Earlier years' prognoser of a kommun's home: read by its contract, kept as an object, and made the track record's figures."""

from __future__ import annotations

import hashlib

from adapters.contract_engine import check
from adapters.contract_files import load_contract
from adapters.csv_reader import looks_like_csv, read_csv
from adapters.workbook_reader.child import read_book_safely
from data_contracts.findings import stops
from flows.home import Hemfel
from flows.workplace import Workplace
from transforms.conversion import convert
from transforms.figures import Figure
from transforms.forecast_history import history_figures, prepare_history
from transforms.forecast_record import HISTORIK
from transforms.headed_table import read_headed
from transforms.period import Period


def history_key(workplace: Workplace) -> tuple[str, ...]:
    """What a closing stands on of the history: the file's hash."""
    path = workplace.hem.prognoshistorik
    if path is None or workplace.kommun.prognos is None:
        return ()
    return (hashlib.sha256(path.read_bytes()).hexdigest(),)


def history_of(workplace: Workplace, period: Period) -> tuple[Figure, ...]:
    """What the history says of the same month of earlier years; nothing where the kommun follows no prognoser or has no such file.

    Raises:
        Hemfel: E904, the file has something that may not stand there: every finding, each with its cell.
    """
    path = workplace.hem.prognoshistorik
    if path is None or workplace.kommun.prognos is None:
        return ()
    content, felkoder, contract = path.read_bytes(), workplace.felkoder, load_contract(HISTORIK)
    reader = read_csv if looks_like_csv(content) else read_book_safely
    raw = read_headed(
        reader(content, path.name, felkoder), contract.table(HISTORIK), felkoder, missing="E870", unknown="E871"
    )
    converted = convert(raw, contract, felkoder, unit="kr")
    rows = converted.frames[HISTORIK]
    judged = check(contract, prepare_history(rows, contract, workplace.kommun)) if len(rows) else None
    found = () if judged is None else judged.findings_by_retur.get(raw.sha256, ())
    findings = (*raw.findings, *converted.findings, *found)
    if stops(findings):
        told = "\n".join(str(finding) for finding in findings)
        raise Hemfel(f"E904 Prognoshistoriken {path.name} kan inte användas:\n{told}")
    workplace.objects.put(content)
    return history_figures(rows, workplace.kommun, period, path.name, raw.sha256)
