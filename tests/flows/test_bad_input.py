"""What a sender can do wrong, end to end through the steps: found with place and advice, all at once, stopping only the sender."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from adapters.store import ReturRecord, ReturStatus
from adapters.workbook_fill import Content, ErrorValue, Formula, set_cells
from data_contracts.findings import Finding, Severity
from flows.closing_summary import ClosingSummary, as_lines, summarise
from flows.home import Hem
from flows.steps.check import check_returns
from flows.steps.collect import collect
from flows.steps.compute import closing_fingerprint, compute
from flows.steps.render import Rendered
from flows.workplace import open_workplace
from tests.closings import APRIL, deliver, facts_of, new_home, time_of
from transforms.figures import from_frame

NOW = time_of(APRIL, 15)
REGISTER, KLF, OMF, SBF = (
    "budgetregister-2026-04.xlsx",
    "retur-klf-2026-04.xlsx",
    "retur-omf-2026-04.xlsx",
    "retur-sbf-2026-04.xlsx",
)
Change = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Bad:
    """A spoiled return of OMF. ``found``: the stopping findings, all of them: code, sheet, cell and content."""

    id: str
    change: Change
    found: tuple[tuple[str, str, str, str], ...]


def cells(sheet: str, **contents: Content) -> Change:
    return lambda content: set_cells(content, sheet, contents)


def changes(*each: Change) -> Change:
    def changed(content: bytes) -> bytes:
        for change in each:
            content = change(content)
        return content

    return changed


def with_sheets(change: Callable[[Workbook], None]) -> Change:
    """A change of the sheets in openpyxl; what formulas said is lost, so the values are put in their place."""

    def changed(content: bytes) -> bytes:
        workbook = load_workbook(io.BytesIO(content), data_only=True)
        change(workbook)
        saved = io.BytesIO()
        workbook.save(saved)
        return saved.getvalue()

    return changed


def in_kronor(content: bytes) -> bytes:
    """The whole column Prognos in kronor, though the return is in tkr; its sums as Excel would calculate them."""
    values = load_workbook(io.BytesIO(content), data_only=True)["Drift"]
    formulas = load_workbook(io.BytesIO(content))["Drift"]
    column: dict[str, Content] = {}
    for row in range(8, 19):
        value, formula = Decimal(values[f"J{row}"].value) * 1000, formulas[f"J{row}"].value
        column[f"J{row}"] = Formula(formula[1:], value) if isinstance(formula, str) else value
    return set_cells(content, "Drift", column)


def as_text(content: bytes, written: dict[str, str]) -> bytes:
    """Numbers typed as text in Drift, and its sums as Excel then calculates them: text counts as nothing."""
    values = load_workbook(io.BytesIO(content), data_only=True)["Drift"]
    formulas = load_workbook(io.BytesIO(content))["Drift"]
    sums: dict[str, Decimal] = {}
    for cell in written:
        for row in (13, 15, 18) if cell[1:] in ("9", "10", "11") else (15, 18):
            total = f"{cell[0]}{row}"
            sums[total] = sums.get(total, Decimal(values[total].value)) - Decimal(values[cell].value)
    changed: dict[str, Content] = {cell: Formula(formulas[cell].value[1:], value) for cell, value in sums.items()}
    return set_cells(content, "Drift", changed | written)


def double(cell: str, kod: str) -> tuple[str, str, str, str]:
    return "E305", "Drift", cell, kod


def own_row(row: int, kod: str, belopp: int, enhet: str = "OMS") -> dict[str, Content]:
    return {f"B{row}": enhet, f"C{row}": kod, f"D{row}": "Egen rad", f"E{row}": "kostnader", f"J{row}": Decimal(belopp)}


def wrong_sum(content: bytes) -> bytes:
    formula = load_workbook(io.BytesIO(content))["Drift"]["J13"].value
    return set_cells(content, "Drift", {"J13": Formula(formula[1:], Decimal(-1))})


def removed(workbook: Workbook) -> None:
    del workbook["Drift"]


def renamed(workbook: Workbook) -> None:
    workbook["Drift"].title = "Drift (2)"


BAD = (
    Bad("inte-xlsx", lambda content: b"Prognos;-151 000\n", (("E110", "", "", ""),)),
    Bad("tom-fil", lambda content: b"", (("E111", "", "", ""),)),
    Bad("avkapad", lambda content: content[:9000], (("E113", "", "", ""),)),
    Bad("annan-kommun", cells("Start", C8="annanby"), (("E140", "Start", "C8", "annanby"),)),
    Bad("annan-manad", cells("Start", C12="2026-03"), (("E143", "Start", "C12", "2026-03"),)),
    Bad("gammal-mall", cells("Start", C15="0.9.0"), (("E145", "Start", "C15", "0.9.0"),)),
    Bad("nyare-mall", cells("Start", C15="7.0.0"), (("E146", "Start", "C15", "7.0.0"),)),
    Bad("okand-forvaltning", cells("Start", C10="XYZ"), (("E141", "Start", "C10", "XYZ"),)),
    Bad("utan-blad", with_sheets(removed), (("E120", "Drift", "", ""),)),
    Bad("omdopt-blad", with_sheets(renamed), (("E120", "Drift", "", ""),)),
    Bad("text", cells("Drift", J17="ca 120"), (("E201", "Drift", "J17", "ca 120"),)),
    Bad("punkt", cells("Drift", J17="1.234,5"), (("E215", "Drift", "J17", "1.234,5"),)),
    Bad("enhet", cells("Drift", J17="12 500 kr"), (("E214", "Drift", "J17", "12 500 kr"),)),
    Bad("streck", cells("Drift", J17="–"), (("E207", "Drift", "J17", "–"),)),
    Bad("formel-utan-varde", cells("Drift", J17=Formula("J8*2")), (("E204", "Drift", "J17", "=J8*2"),)),
    Bad("felvarde", cells("Drift", J17=ErrorValue("#REF!")), (("E203", "Drift", "J17", "#REF!"),)),
    Bad("datum", cells("Kommentarer", G12="2026-02-30"), (("E208", "Kommentarer", "G12", "2026-02-30"),)),
    Bad("dubbel-kod", cells("Drift", **own_row(20, "egen", 0), **own_row(21, "egen", 0)), (double("C20", "egen"), double("C21", "egen"))),
    Bad("dubbel-nyckel", cells("Drift", A20="OMS|personal", B20="OMS", C20="personal"),
        (("E129", "Drift", "A20", "OMS|personal"), double("C20", "personal"), double("C9", "personal"))),
    Bad("okand-kod", cells("Kommentarer", C13="drift", D13="hittepa"), (("E302", "Kommentarer", "D13", "hittepa"),)),
    Bad("okand-enhet", cells("Drift", **own_row(20, "egen", 0, "XYZ")),
        (("E301", "Drift", "B20", "XYZ"), ("E304", "Drift", "E20", "kostnader"))),
    Bad("summa", wrong_sum, (("E330", "Drift", "J13", "-1"),)),
    Bad(
        "kronor",
        in_kronor,
        (
            ("E320", "Drift", "J9", "-151000000"),
            ("E320", "Drift", "J16", "206500000"),
            ("E332", "Drift verksamhet", "I8:I10", ""),
            ("E360", "Drift", "J8:J17", ""),
        ),
    ),
    Bad("utan-nyckel", cells("Drift", J20=Decimal(250)), (("E210", "Drift", "J20", "250"),)),
    Bad("budget", cells("Drift", F17=Decimal(7)), (("E350", "Drift", "F17", "7"),)),
    Bad(
        "fem-fel",
        changes(
            cells("Drift", J17="ca 120", H17=ErrorValue("#DIV/0!"), I17=Formula("1/3"), J20=Decimal(250)),
            cells("Kommentarer", G12="2026-02-30"),
        ),
        (
            ("E201", "Drift", "J17", "ca 120"),
            ("E203", "Drift", "H17", "#DIV/0!"),
            ("E204", "Drift", "I17", "=1/3"),
            ("E208", "Kommentarer", "G12", "2026-02-30"),
            ("E210", "Drift", "J20", "250"),
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """A closing of April (without rendered pages) and what the store then holds."""

    hem: Hem
    summary: ClosingSummary
    records: dict[str, ReturRecord]
    findings: dict[str, tuple[Finding, ...]]
    figures: dict[str, int | None]

    def stopping(self, file: str) -> list[Finding]:
        return [finding for finding in self.findings[file] if finding.severity is Severity.STOPPAR]


def closed(hem: Hem) -> Outcome:
    """Collect, check, compute and sum up, as the flow does; the findings of each file as the summary or the register has them."""
    with open_workplace(hem) as workplace:
        seen = collect(workplace, APRIL, NOW).seen
        check_returns(workplace, APRIL, NOW)
        closing = compute(workplace, APRIL, closing_fingerprint(workplace, APRIL, "stil"), NOW)
        summary = summarise(workplace, closing, seen, Rendered(0, 0), ())
        workplace.store.finish_closing(closing.id, finished=NOW, summary={})
        records = {record.fil: record for record in map(workplace.store.retur, seen)}
        findings = {file: workplace.store.findings_for(record.id) for file, record in records.items()}
        figures = {figure.figure_id: figure.varde for figure in from_frame(workplace.store.load_figures(closing.id))}
    return Outcome(hem, summary, records, findings, figures)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The budget register and the sound returns of three of Lingonby's four förvaltningar, by file name."""
    hem = new_home(tmp_path_factory.mktemp("felfri") / "hem", "lingonby")
    deliver(hem, facts_of("lingonby", "2026-04"), NOW)
    return {path.name: path.read_bytes() for path in Path(hem.inkorg).iterdir()}


@pytest.fixture
def hem(tmp_path: Path) -> Hem:
    """An empty home of Lingonby."""
    return new_home(tmp_path / "hem", "lingonby")


def put(hem: Hem, files: dict[str, bytes]) -> None:
    """Files that have lain in the inbox for an hour: what is cut off has been left so."""
    an_hour_ago = time.time() - 3600
    for name, content in files.items():
        (Path(hem.inkorg) / name).write_bytes(content)
        os.utime(Path(hem.inkorg) / name, (an_hour_ago, an_hour_ago))


@pytest.fixture(scope="module")
def spoiled(sound: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """April closed with every spoiled return of OMF in the inbox at once, beside the sound ones of KLF and SBF."""
    hem = new_home(tmp_path_factory.mktemp("fel") / "hem", "lingonby")
    put(hem, {name: sound[name] for name in (REGISTER, KLF, SBF)})
    put(hem, {f"{bad.id}.xlsx": bad.change(sound[OMF]) for bad in BAD})
    return closed(hem)


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.id)
def test_each_fault_is_found_with_place_content_and_advice(spoiled: Outcome, bad: Bad) -> None:
    file = f"{bad.id}.xlsx"
    shown = (
        [finding for finding in spoiled.summary.stopping if finding.file == file]
        if bad.id == "annan-manad"
        else spoiled.stopping(file)
    )
    assert sorted((one.code, one.sheet, one.cell, one.found) for one in shown) == sorted(bad.found)
    for finding in shown:
        assert finding.file == file
        assert finding.message.endswith(".")
        assert finding.advice.endswith(".")
        assert "{" not in f"{finding.message}{finding.advice}"


def test_only_the_senders_return_stops_and_the_closing_says_who_is_missing(spoiled: Outcome) -> None:
    accepted = {file for file, record in spoiled.records.items() if record.status is ReturStatus.GODKAND}
    assert accepted == {REGISTER, KLF, SBF}
    assert spoiled.summary.saknas == ("Omsorgsförvaltningen", "Bildningsförvaltningen")
    assert spoiled.figures["2026-04/KS/drift/personal/prognos"] == -3_740_000_000
    assert spoiled.figures["2026-04/OMS/drift/personal/prognos"] is None
    assert spoiled.figures["2026-04/KOMMUNEN/drift/resultat/prognos"] is None
    lines = as_lines(spoiled.summary)
    assert "Saknas: Omsorgsförvaltningen" in lines
    assert lines[0].startswith("Returer: 2 av 4 förvaltningar.")


def test_workbooks_that_no_chain_takes_in_are_told_of_each_time(hem: Hem, sound: dict[str, bytes]) -> None:
    unknown = ("inte-xlsx", "annan-kommun", "annan-manad", "okand-forvaltning")
    strays = {f"{bad.id}.xlsx": bad.change(sound[OMF]) for bad in BAD if bad.id in unknown}
    put(hem, {REGISTER: sound[REGISTER], **strays})
    first, second = closed(hem), closed(hem)
    assert sorted(first.summary.frammande) == sorted(second.summary.frammande) == sorted(strays)
    assert [finding.code for finding in second.summary.stopping] == [finding.code for finding in first.summary.stopping]
    assert {finding.code for finding in second.summary.stopping} == {"E110", "E140", "E141", "E143"}
    assert first.summary.stoppade == ()
    assert first.summary.is_stopped


def test_the_same_bytes_are_taken_in_when_their_forvaltning_has_come_into_kommun_yaml(
    hem: Hem, sound: dict[str, bytes]
) -> None:
    full = hem.kommun_yaml.read_text(encoding="utf-8")
    hem.kommun_yaml.write_text(full.replace("  - kod: OMF\n", "  - kod: OMFX\n"), encoding="utf-8")
    put(hem, {REGISTER: sound[REGISTER], OMF: sound[OMF]})
    before = closed(hem)
    assert [finding.code for finding in before.summary.stopping] == ["E141"]
    hem.kommun_yaml.write_text(full, encoding="utf-8")
    after = closed(hem)
    record = after.records[OMF]
    assert (record.forvaltning, record.version, record.status) == ("OMF", 1, ReturStatus.GODKAND)
    assert after.summary.stoppade == ()
    assert after.figures["2026-04/OMS/drift/personal/prognos"] == -15_100_000_000


def test_a_stopped_return_is_replaced_by_the_mended_one(hem: Hem, sound: dict[str, bytes]) -> None:
    put(hem, {REGISTER: sound[REGISTER], OMF: set_cells(sound[OMF], "Drift", {"J17": "ca 120"})})
    stopped = closed(hem)
    assert stopped.summary.stoppade == (f"{OMF}, version 1; ingen version gäller",)
    put(hem, {OMF: sound[OMF]})
    mended = closed(hem)
    assert mended.records[OMF].version == 2
    assert mended.records[OMF].status is ReturStatus.GODKAND
    assert (mended.summary.stoppade, mended.summary.stopping) == ((), ())
    assert "Omsorgsförvaltningen" not in mended.summary.saknas


def test_an_identical_file_sent_again_is_the_version_it_was(hem: Hem, sound: dict[str, bytes]) -> None:
    put(hem, {REGISTER: sound[REGISTER], OMF: sound[OMF]})
    before = closed(hem)
    put(hem, {"igen.xlsx": sound[OMF]})
    with open_workplace(hem) as workplace:
        collected = collect(workplace, APRIL, NOW)
        assert collected.new == ()
        assert len(collected.seen) == 3
        assert len(workplace.store.retur_chain("lingonby", "OMF", "2026-04")) == 1
    assert closed(hem).figures == before.figures


def test_of_two_versions_the_newest_valid_one_counts(hem: Hem, sound: dict[str, bytes]) -> None:
    put(hem, {REGISTER: sound[REGISTER], OMF: sound[OMF]})
    closed(hem)
    put(hem, {"b.xlsx": set_cells(sound[OMF], "Volymer", {"J9": Decimal(85)})})
    second = closed(hem)
    assert second.figures["2026-04/OMS/volymer/sarskilt_boende/prognos"] == 85
    put(hem, {"c.xlsx": set_cells(sound[OMF], "Volymer", {"J9": "ca 84"})})
    third = closed(hem)
    assert third.figures["2026-04/OMS/volymer/sarskilt_boende/prognos"] == 85
    assert third.summary.stoppade == ("c.xlsx, version 3; version 2 gäller i stället",)
    with open_workplace(hem) as workplace:
        chain = workplace.store.retur_chain("lingonby", "OMF", "2026-04")
    assert [record.status for record in chain] == [ReturStatus.ERSATT, ReturStatus.GODKAND, ReturStatus.STOPPAD]


SPACES = {"G8": " ", "H8": "\u00a0", "I8": "\u202f", "J8": "\u2009"}
MINUSES = {"J9": "\u2212", "J10": "-", "J11": "–"}


def test_every_kind_of_space_and_minus_is_understood(hem: Hem, sound: dict[str, bytes]) -> None:
    """One row written as text with a space of each kind, and three amounts with a minus of each kind: the same figures as before."""
    numbers = load_workbook(io.BytesIO(sound[OMF]), data_only=True)["Drift"]
    grouped = {cell: f"{numbers[cell].value:,}".replace(",", space) + ",0" for cell, space in SPACES.items()}
    negative = {cell: f"{minus}{-numbers[cell].value}" for cell, minus in MINUSES.items()}
    assert (grouped["H8"], negative["J11"]) == ("13\u00a0558,0", "–61800")
    put(hem, {REGISTER: sound[REGISTER], OMF: sound[OMF]})
    before = closed(hem)
    put(hem, {OMF: as_text(sound[OMF], grouped | negative)})
    after = closed(hem)
    assert (after.records[OMF].version, after.stopping(OMF)) == (2, [])
    assert after.figures == before.figures


def test_the_store_holds_the_sent_bytes_unchanged(spoiled: Outcome) -> None:
    with open_workplace(spoiled.hem) as workplace:
        for path in Path(spoiled.hem.inkorg).iterdir():
            assert workplace.objects.get(spoiled.records[path.name].sha256) == path.read_bytes()


def test_a_stopped_register_is_told_of_with_its_findings(hem: Hem, sound: dict[str, bytes]) -> None:
    put(hem, {REGISTER: set_cells(sound[REGISTER], "Beslutad budget", {"F7": "ca 500"})})
    outcome = closed(hem)
    assert not outcome.summary.register
    assert outcome.summary.stoppade == (f"budgetregistret {REGISTER}, version 1; ingen version gäller",)
    assert ("E201", "Beslutad budget", "F7", "ca 500") in {
        (finding.code, finding.sheet, finding.cell, finding.found) for finding in outcome.summary.stopping
    }


def test_many_findings_alike_are_shortened_on_the_terminal(hem: Hem, sound: dict[str, bytes]) -> None:
    without_values = {f"J{row}": Formula("1+1") for row in range(8, 14)}
    put(hem, {REGISTER: sound[REGISTER], OMF: set_cells(sound[OMF], "Drift", without_values)})
    lines = [line for line in as_lines(closed(hem).summary) if "E204" in line]
    assert len(lines) == 3
    assert lines[-1].strip() == f'E204 fil {OMF}, blad "Drift": och {len(without_values) - 2} till av samma slag.'
