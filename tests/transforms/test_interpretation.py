"""A converted return survives its JSON: dtypes, whole numbers, missing values and findings."""

from __future__ import annotations

from pandas.testing import assert_frame_equal

from adapters.contract_files import load_contract
from data_contracts.findings import Finding, Severity
from transforms.conversion import Converted, columns_of
from transforms.interpretation import from_json, to_json
from transforms.typed_rows import Frames, exactly

CONTRACT = load_contract("manadsretur")


def converted() -> Converted:
    rows = {
        "drift": [
            {
                "retur": "a" * 64,
                "radnr": 7,
                "enhet": "TEN",
                "kod": "0410",
                "prognos": -123_456_789_012_345,
                "prognos_cell": "J7",
            },
            {"retur": "a" * 64, "radnr": 8, "enhet": "TEN", "kod": "410", "prognos": None},
        ]
    }
    columns = columns_of(CONTRACT)
    frames = Frames(columns, {name: exactly(own, rows.get(name, ())) for name, own in columns.items()})
    finding = Finding(
        "E201",
        Severity.STOPPAR,
        "är inte ett belopp.",
        "Skriv bara tal.",
        sheet="Drift",
        cell="J8",
        found="ca\u00a0120",
    )
    return Converted(frames, (finding,))


def test_round_trip_is_exact() -> None:
    before = converted()
    after = from_json(to_json(before), CONTRACT)
    assert after.findings == before.findings
    for name, frame in before.frames.items():
        assert_frame_equal(after.frames[name], frame, check_dtype=True)
        assert after.frames.rows(name) == before.frames.rows(name)


def test_the_same_content_is_the_same_text() -> None:
    assert to_json(converted()) == to_json(converted())
