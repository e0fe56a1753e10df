"""Receipts in a home: accepted, explained and stopped returns, the mended rättelsebok that is accepted and linked, and the quiet check."""

from __future__ import annotations

import datetime as dt
import io
import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from adapters.store import ReturStatus
from adapters.workbook_fill import fill_template, set_cells
from data_contracts.findings import Severity
from flows.cli import main
from flows.home import Hem
from flows.steps.check import check_returns
from flows.steps.collect import collect
from flows.steps.receipt import EVENT, WrittenReceipt, answer_new, answer_period
from flows.workplace import open_workplace
from tests.closings import APRIL, copy_home, deliver, facts_of, new_home, time_of
from transforms.template_rows import ATT_RATTA

NOW = time_of(APRIL, 10)
LATE = time_of(APRIL, 19)


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Hem:
    """Lingonby with its register and April's returns, KLF's with a deviation that nobody explains, judged. Not to be changed."""
    hem = new_home(tmp_path_factory.mktemp("kvittenser") / "hem", "lingonby")
    deliver(hem, facts_of("lingonby", "2026-03"), NOW)
    for path in Path(hem.inkorg).glob("retur-*"):
        path.unlink()
    deliver(hem, facts_of("lingonby", "2026-04"), NOW)
    return hem


@pytest.fixture
def hem(delivered: Hem, tmp_path: Path) -> Hem:
    return copy_home(delivered, tmp_path / "hem")


def answered(hem: Hem, now: dt.datetime = NOW) -> dict[str, WrittenReceipt]:
    """Collect and answer; receipts by file name."""
    with open_workplace(hem) as workplace:
        new = collect(workplace, APRIL, now).new
        return {workplace.store.retur(one.retur_id).fil: one for one in answer_new(workplace, new, now)}


def spoil(hem: Hem, name: str, cells: dict[str, str]) -> None:
    path = Path(hem.inkorg) / name
    path.write_bytes(set_cells(path.read_bytes(), "Drift", cells))  # type: ignore[arg-type]


def findings(hem: Hem, receipt: WrittenReceipt):
    with open_workplace(hem) as workplace:
        return workplace.store.retur(receipt.retur_id), workplace.store.findings_for(receipt.retur_id)


def test_an_accepted_return_gets_a_receipt_and_no_rattelsebok(hem):
    receipts = answered(hem)
    sound = [
        (name, one)
        for name, one in receipts.items()
        if all(found.severity is Severity.NOTERING for found in findings(hem, one)[1])
    ]
    assert sound
    for name, one in sound:
        record, _ = findings(hem, one)
        text = one.brev.read_text(encoding="utf-8")
        assert one.rattelsebok is None
        assert "GODKÄND\n" in text
        assert "Inget mer behöver göras." in text
        assert all(word in text for word in (name, record.sha256, "Mottagen       2026-05-10 kl. 09.30"))


def test_a_return_to_explain_is_accepted_and_gets_a_rattelsebok(hem):
    explained = [
        one
        for one in answered(hem).values()
        if any(found.severity is Severity.FORKLARAS for found in findings(hem, one)[1])
    ]
    assert explained
    for one in explained:
        assert findings(hem, one)[0].status is ReturStatus.GODKAND
        assert one.rattelsebok is not None
        assert "GODKÄND, SKA FÖRKLARAS\n" in one.brev.read_text(encoding="utf-8")


def test_a_stopped_return_tells_all_findings_and_by_when(hem):
    spoil(hem, "retur-omf-2026-04.xlsx", {"H9": "ca 120", "J10": "12 500 kr"})
    receipt = answered(hem)["retur-omf-2026-04.xlsx"]
    record, found = findings(hem, receipt)
    assert record.status is ReturStatus.STOPPAD
    text, page = receipt.brev.read_text(encoding="utf-8"), receipt.webbsida.read_text(encoding="utf-8")
    assert "STOPPAD\nReturen är stoppad och räknas inte." in text
    assert "senast 2026-05-12 kl. 12.00." in text
    assert receipt.brev.parent == hem.kvittenser("2026-04")
    assert receipt.brev.name == "kvittens-lingonby-omf-2026-04-v1.txt"
    for one in found:
        assert one.code in text
        assert f"cell {one.cell}<" in page or f">{one.cell}<" in page or not one.cell
    assert max(map(len, text.splitlines())) <= 100


def test_a_return_after_the_due_day_is_told_so(hem):
    spoil(hem, "retur-omf-2026-04.xlsx", {"H9": "ca 120"})
    receipt = answered(hem, LATE)["retur-omf-2026-04.xlsx"]
    assert "Sista dag var 2026-05-12 kl. 12.00." in " ".join(receipt.brev.read_text(encoding="utf-8").split())


def test_mending_only_the_marked_cells_gives_an_accepted_and_linked_return(hem):
    spoil(hem, "retur-omf-2026-04.xlsx", {"H9": "ca 120", "J10": "12 500 kr"})
    stopped = answered(hem)["retur-omf-2026-04.xlsx"]
    assert stopped.rattelsebok is not None
    content = stopped.rattelsebok.read_bytes()
    workbook = load_workbook(io.BytesIO(content))
    linked = {
        row[4].hyperlink.location
        for row in workbook[ATT_RATTA].iter_rows(min_row=10)
        if row[1].value == "Stoppar" and row[4].hyperlink
    }
    assert {"'Drift'!H9", "'Drift'!J10"} <= linked
    with open_workplace(hem) as workplace:
        mended = set_cells(content, "Drift", {"H9": Decimal(-49719), "J10": Decimal(-19500)})
        mended = fill_template(mended, workplace.manadsretur, workplace.kommun, {})
    (Path(hem.inkorg) / "rattad.xlsx").write_bytes(mended)
    answer = answered(hem, LATE)["rattad.xlsx"]
    record, found = findings(hem, answer)
    first, _ = findings(hem, stopped)
    assert record.status is ReturStatus.GODKAND, found
    assert (record.version, record.svarar_pa) == (2, first.sha256)
    with open_workplace(hem) as workplace:
        assert workplace.store.answered(record.id) == (first,)
    assert f"Rättar         version 1, sha256 {first.sha256}" in answer.brev.read_text(encoding="utf-8")


def test_a_file_from_nobody_known_gets_a_receipt_under_its_hash(hem):
    (Path(hem.inkorg) / "brev.txt").write_text("hej")
    receipt = answered(hem)["brev.txt"]
    assert receipt.brev.name.startswith("kvittens-lingonby-okand-")
    assert receipt.brev.parent == hem.kvittenser("okand")
    assert "Okänd avsändare" in receipt.brev.read_text(encoding="utf-8")


def test_the_same_receipts_again_touch_no_file_and_write_no_line(hem):
    spoil(hem, "retur-omf-2026-04.xlsx", {"H9": "ca 120"})
    first = answered(hem)
    paths = [path for one in first.values() for path in (one.brev, one.webbsida, one.rattelsebok) if path]
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in paths}
    with open_workplace(hem) as workplace:
        seen = collect(workplace, APRIL, LATE).seen
        check_returns(workplace, APRIL, LATE)
        registers = [one for one in answer_period(workplace, APRIL, seen, LATE) if one.is_new]
        assert {workplace.store.retur(one.retur_id).ar for one in registers} == {2026}
        assert not any(one.is_new for one in answer_period(workplace, APRIL, seen, LATE))
        events = workplace.store.journal(EVENT)
        assert len(events) == len(first) + len(registers)
        for event in events:
            assert all(workplace.objects.get(key) for key in event.detaljer["filer"].values())
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in paths} == before


def test_a_receipt_that_was_taken_away_is_laid_out_again(hem):
    spoil(hem, "retur-omf-2026-04.xlsx", {"H9": "ca 120"})
    receipt = answered(hem)["retur-omf-2026-04.xlsx"]
    assert receipt.rattelsebok is not None
    content = receipt.rattelsebok.read_bytes()
    shutil.rmtree(hem.kvittenser("2026-04"))
    with open_workplace(hem) as workplace:
        answer_period(workplace, APRIL, (), LATE)
    assert receipt.rattelsebok.read_bytes() == content


def state_of(hem: Hem) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in hem.path.rglob("*") if path.is_file() and "-shm" not in path.name}


def test_kontrollera_prints_stores_nothing_and_writes_rattelsebocker_on_demand(hem, tmp_path, capsys):
    answered(hem)
    sound = Path(hem.inkorg) / "retur-sbf-2026-04.xlsx"
    wrong = tmp_path / "fel.xlsx"
    wrong.write_bytes(set_cells((Path(hem.inkorg) / "retur-omf-2026-04.xlsx").read_bytes(), "Drift", {"H9": "ca 120"}))
    before = state_of(hem)
    words = ["--kommun", str(hem.path), "kontrollera"]
    assert main([*words, str(sound)]) == 0
    assert "Returen skulle godkännas" in capsys.readouterr().out
    assert main([*words, str(sound), str(wrong), "--rattelse", str(tmp_path / "ut")]) == 1
    told = capsys.readouterr()
    assert told.out.count("Kvittens: ") == 2
    assert "Returen skulle stoppas." in told.out
    assert "1 av 2 filer skulle stoppas." in told.err
    assert {"rattelsebok-lingonby-omf-2026-04"} <= {
        path.name.rpartition("-")[0] for path in (tmp_path / "ut").iterdir()
    }
    assert state_of(hem) == before


def test_kontrollera_judges_as_the_home_does(hem, capsys):
    spoil(hem, "retur-omf-2026-04.xlsx", {"H9": "ca 120", "F9": "1"})
    receipts = answered(hem)
    main(["--kommun", str(hem.path), "kontrollera", "--json", *(str(Path(hem.inkorg) / name) for name in receipts)])
    said = {one["fil"]: one for one in json.loads(capsys.readouterr().out)["kvittenser"]}
    for name, receipt in receipts.items():
        record, found = findings(hem, receipt)
        assert said[name]["godkand"] == (record.status is ReturStatus.GODKAND)
        assert [one["kod"] for one in said[name]["fynd"]] == [one.code for one in found]


def test_the_json_has_exactly_these_names(hem, capsys):
    spoil(hem, "retur-omf-2026-04.xlsx", {"H9": "ca 120"})
    path = Path(hem.inkorg) / "retur-omf-2026-04.xlsx"
    assert main(["--kommun", str(hem.path), "kontrollera", str(path), "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert (set(said), said["version"]) == ({"version", "kvittenser"}, 1)
    (receipt,) = said["kvittenser"]
    assert set(receipt) == {"fil", "sha256", "forvaltning", "period", "godkand", "antal", "fynd", "rattelsebok"}
    assert set(receipt["antal"]) == {"stoppar", "ska förklaras", "notering"}
    first = receipt["fynd"][0]
    assert set(first) == {"kod", "titel", "allvar", "blad", "cell", "varde", "meddelande", "atgard"}
    assert (first["kod"], first["blad"], first["cell"], first["varde"]) == ("E201", "Drift", "H9", "ca 120")


def test_kontrollera_without_a_home_takes_the_example_that_the_file_names(hem, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RODATRADEN_HEM", raising=False)
    assert main(["kontrollera", str(Path(hem.inkorg) / "retur-sbf-2026-04.xlsx")]) == 0
    assert "Inget kommunhem här: kontrollerar mot exemplet lingonby" in capsys.readouterr().err
    (tmp_path / "annat.txt").write_text("hej")
    assert main(["kontrollera", "annat.txt"]) == 2
    assert "E904" in capsys.readouterr().err
    assert main(["kontrollera", "finns-inte.xlsx"]) == 2
    assert "finns-inte.xlsx går inte att läsa" in capsys.readouterr().err
