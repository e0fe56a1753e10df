"""The ledger's way through a closing: figures beside the returns', differences, what stops a report, and who accepts it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from adapters.sie import lines_sum, write_sie
from adapters.store import Store
from adapters.zip_package import packed
from data_contracts.behorighet import Steg
from flows.cli import main
from flows.steps.audit_package import build_package
from flows.steps.compute import closing_fingerprint
from flows.steps.ledger import avstamningar, collect_ledger, current_ledger, has_unseen_ledger, load_ledger
from flows.steps.report import build_reports
from flows.steps.trace import trace
from flows.workplace import open_workplace
from tests.closings import APRIL, MARS, copy_home, figures_only, time_of
from tests.flows.test_audit_package import lay_out, replaced, unpacked, verified
from tests.flows.test_ledger_tables import kronor, xlsx_of
from tests.ledger_examples import frames, ledger, utfall, with_rows
from tests.rights import allow
from tests.sie_examples import GENERATED, content_of
from transforms.figures import HUVUDBOK, FigureIndex, from_frame
from transforms.ledger.balances import KODDELAR
from transforms.ledger.figures import lines_of
from transforms.ledger.reconciliation import Acceptans, Utfall
from transforms.ledger.sie import Transaktion
from transforms.schemas import rows_of

NOW = time_of(APRIL, 20)
WRONG = Transaktion("6410", 250_000_00, (("1", "4100"),))
"""250 000 kronor more cost for barn och utbildning than its return has."""


def lay(hem, sie, name="huvudbok.se"):
    folder = Path(hem.huvudbok)
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(write_sie(sie, GENERATED))


@pytest.fixture(scope="module")
def with_ledger(lingonby_sen, session_folder):
    """Lingonby, April, all returns in, closed again beside its ledger. Not to be changed."""
    hem = copy_home(lingonby_sen.hem, session_folder("lingonby-huvudbok"))
    lay(hem, ledger())
    figures_only(hem, APRIL, NOW)
    return hem


@pytest.fixture(scope="module")
def with_difference(lingonby_sen, session_folder):
    """The same with a ledger that has a cost that no return has."""
    hem = copy_home(lingonby_sen.hem, session_folder("lingonby-skillnad"))
    lay(hem, with_rows(ledger(), WRONG))
    figures_only(hem, APRIL, NOW)
    return hem


@pytest.fixture(scope="module")
def with_table(lingonby_sen, session_folder):
    """The same as ``with_ledger``, with the ledger as a workbook of period balances."""
    hem = copy_home(lingonby_sen.hem, session_folder("lingonby-saldon"))
    Path(hem.huvudbok).mkdir(exist_ok=True)
    rows = [
        (row["period"], row["konto"], "", *(row[part] for part in KODDELAR), float(kronor(row).replace(",", ".")))
        for row in rows_of(frames(ledger()).ledger)
    ]
    (Path(hem.huvudbok) / "saldon.xlsx").write_bytes(xlsx_of(rows))
    figures_only(hem, APRIL, NOW)
    return hem


def figures_of(workplace):
    closing = workplace.store.last_closing(workplace.kommun.kod, str(APRIL))
    return closing, FigureIndex(from_frame(workplace.store.load_figures(closing.id)))


def test_every_row_has_the_ledgers_figure_and_the_difference(with_ledger):
    with open_workplace(with_ledger) as workplace:
        _, figures = figures_of(workplace)
    for (enhet, matt, rad), ore in utfall().items():
        booked = figures.get(enhet, matt, rad, "huvudbok")
        difference = figures.get(enhet, matt, rad, "avstamning")
        assert abs(booked.varde - ore) < 500_00
        assert difference.varde == ore - booked.varde
    result = figures.get("BUN", "drift", "arets_resultat", "avstamning")
    assert result.varde == sum(
        figures.get("BUN", "drift", rad, "avstamning").varde
        for rad in (
            "intakter",
            "personal",
            "lokaler",
            "kop_verksamhet",
            "ovriga_kostnader",
            "avskrivningar",
            "kommunbidrag",
            "finansnetto",
        )
    )


def test_a_difference_can_be_followed_to_lines_of_the_ledger(with_ledger):
    with open_workplace(with_ledger) as workplace:
        links = trace(workplace, "2026-04/BUN/drift/personal/avstamning")
        sha256 = current_ledger(workplace, APRIL).sha256
    assert not any(link.broken for link in links)
    ends = [link for link in links if any(line.startswith("rad ") for line in link.source)]
    assert {link.name.split(", ")[2] for link in ends} == {"konto 5020", "konto 5110", "konto 5610"}
    for link in ends:
        assert f"sha256  {sha256}" in link.source
        assert all("#TRANS" in line for line in link.source[2:])
        assert link.proof.startswith("De lagrade byten är oförändrade")


def test_lines_that_are_of_another_konto_do_not_add_up():
    content = content_of(ledger())
    assert lines_sum(content, [1], "5020") is None
    assert lines_sum(content, [10**6], "5020") is None


def test_all_agrees_within_tolerance_and_nothing_is_stopped(with_ledger):
    with open_workplace(with_ledger) as workplace:
        closing, _ = figures_of(workplace)
        rows = avstamningar(workplace, closing)
        reports = list(build_reports(workplace, closing, "stil"))
    assert {row.utfall for row in rows} == {Utfall.STAMMER, Utfall.INOM_TOLERANS}
    ids = [row.kontroll.id for row in rows]
    assert {
        "retur_huvudbok.BUN.drift",
        "retur_huvudbok.SBN.investeringar",
        "namnder_kommun.drift.utfall",
        "interna.MAL.BUN",
    } <= set(ids)
    assert len(ids) == len(set(ids))
    assert [report.view.kod for report in reports] == ["", "KS", "BUN", "SBN"]


def test_a_difference_stops_the_reports_that_it_concerns_until_a_role_that_may_accepts_it(
    with_difference, tmp_path, capsys
):
    hem = copy_home(with_difference, tmp_path / "hem")
    with open_workplace(hem) as workplace:
        closing, _ = figures_of(workplace)
        (row,) = [row for row in avstamningar(workplace, closing) if row.stops]
        before = closing_fingerprint(workplace, APRIL, "stil")
        assert row.kontroll.id == "retur_huvudbok.BUN.drift"
        assert 249_500_00 < row.kontroll.differens < 254_500_00
        assert [report.view.kod for report in build_reports(workplace, closing, "stil")] == ["KS", "SBN"]
        other = Acceptans(row.kontroll.id, row.kontroll.differens + 1, "Ekonomichef", "annat belopp", "")
        workplace.store.accept_difference("lingonby", str(APRIL), other, tid=NOW)
        assert [report.view.kod for report in build_reports(workplace, closing, "stil")] == ["KS", "SBN"]
    words = ["--kommun", str(hem.path), "avstamning", "2026-04"]
    assert main(words) == 1
    accepting = [*words, "--acceptera", row.kontroll.id, "--skal", "Bokas om i maj"]
    assert main(accepting) == 2
    assert "E933" in capsys.readouterr().err
    allow(hem, "Ekonomichef", Steg.GODTA)
    assert main(accepting) == 0
    with open_workplace(hem) as workplace:
        closing, _ = figures_of(workplace)
        assert [report.view.kod for report in build_reports(workplace, closing, "stil")] == ["", "KS", "BUN", "SBN"]
        assert closing_fingerprint(workplace, APRIL, "stil") != before
        (kept,) = [row for row in avstamningar(workplace, closing) if row.acceptans]
        assert (kept.utfall, kept.acceptans.roll, kept.acceptans.skal) == (
            Utfall.ACCEPTERAD,
            "Ekonomichef",
            "Bokas om i maj",
        )


def test_the_ledger_as_a_table_gives_the_same_figures(with_ledger, with_table):
    def booked(hem):
        with open_workplace(hem) as workplace:
            _, figures = figures_of(workplace)
            return {one.figure_id: one.varde for one in figures if one.serie == "huvudbok"}

    assert booked(with_table) == booked(with_ledger)


@pytest.mark.parametrize("kind", ["with_ledger", "with_table"])
def test_the_package_adds_the_ledgers_lines_up_by_python_alone_and_a_changed_amount_is_caught(request, tmp_path, kind):
    with open_workplace(request.getfixturevalue(kind)) as workplace:
        closing, figures = figures_of(workplace)
        content = build_package(workplace, closing).innehall
    lay_out(tmp_path, content)
    code, told = verified(tmp_path, "paket.zip")
    assert code == 0, told
    files = unpacked(content)
    figure = next(one for one in figures if one.slag == HUVUDBOK and one.cell and one.varde)
    name, line = json.loads(files["data/underlag.json"])[figure.retur_sha256]["fil"], lines_of(figure)[0]
    changed = bent_workbook(files[name], line) if kind == "with_table" else bent_sie(files[name], line)
    lay_out(tmp_path, replaced(files, name, changed, honest=False))
    code, told = verified(tmp_path, "paket.zip")
    assert code == 1
    assert f"siffran {figure.figure_id}: huvudbokens rader ger inte värdet" in told


def bent_sie(content, line):
    """The file with the amount of one #TRANS line changed by a krona."""
    lines = content.split(b"\n")
    lines[line - 1] = re.sub(
        rb"(\} )(-?\d+)", lambda found: found[1] + str(int(found[2]) + 1).encode(), lines[line - 1]
    )
    assert lines != content.split(b"\n")
    return b"\n".join(lines)


def bent_workbook(content, row):
    """The workbook with the amount of one row changed."""
    parts = unpacked(content)
    name = next(name for name in parts if name.startswith("xl/worksheets/"))
    sheet = re.sub(rf'(<c r="H{row}"[^>]*><v>)[^<]+'.encode(), rb"\g<1>1", parts[name])
    assert sheet != parts[name]
    return packed({**parts, name: sheet})


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--acceptera", "retur_huvudbok.BUN.drift"], "anger sitt skäl"),
        (["--acceptera", "x", "--skal", "y"], "finns inte"),
        (["--acceptera", "retur_huvudbok.KS.drift", "--skal", "y"], "inget att acceptera"),
    ],
)
def test_what_cannot_be_accepted_is_refused(with_ledger, tmp_path, capsys, words, told):
    hem = copy_home(with_ledger, tmp_path / "hem")
    allow(hem, "Ekonomichef", Steg.GODTA)
    assert main(["--kommun", str(hem.path), "avstamning", "2026-04", *words]) == 2
    assert told in capsys.readouterr().err


def test_the_matrix_is_printed_with_its_coverage(with_ledger, capsys):
    assert main(["--kommun", str(with_ledger.path), "avstamning", "2026-04"]) == 0
    said = capsys.readouterr().out
    assert "Täckning: 100,0\u00a0% av omsättningen har en rad; konton utan källa i Kommun-Bas: inga." in said
    assert "INOM TOLERANS  Barn och utbildning, driftens resultat" in said


def test_the_ledger_is_read_once_for_the_steps_of_a_closing(with_ledger, with_difference):
    with open_workplace(with_ledger) as workplace, open_workplace(with_difference) as other:
        read = load_ledger(workplace, APRIL)
        assert load_ledger(workplace, APRIL).frames is read.frames
        assert load_ledger(other, APRIL).frames is not read.frames
        assert load_ledger(workplace, MARS).placed is not read.placed


def test_a_month_that_no_ledger_covers_has_no_avstamning(with_ledger, capsys):
    with open_workplace(with_ledger) as workplace:
        assert load_ledger(workplace, MARS) is not None
        assert current_ledger(workplace, APRIL.following) is None
    assert main(["--kommun", str(with_ledger.path), "avstamning", "2026-05"]) == 1
    assert "E833" in capsys.readouterr().err


def test_a_stopped_file_does_not_count_and_the_one_before_does(with_ledger, tmp_path):
    hem = copy_home(with_ledger, tmp_path / "hem")
    with open_workplace(hem) as workplace:
        good = current_ledger(workplace, APRIL).sha256
        (Path(hem.huvudbok) / "trasig.se").write_bytes(content_of(ledger())[:-400])
        assert has_unseen_ledger(workplace)
        assert collect_ledger(workplace, NOW) == 1
        assert not has_unseen_ledger(workplace)
        assert collect_ledger(workplace, NOW) == 0
        assert current_ledger(workplace, APRIL).sha256 == good
        stopped = workplace.store.ledgers("lingonby")[-1]
        assert (stopped.status.value, {finding.code for finding in stopped.fynd} >= {"E808"}) == ("stoppad", True)


def test_the_store_keeps_ledgers_and_acceptances(database_url):
    with Store(database_url) as store:
        store.upgrade()
        values = {"kommun": "k", "fil": "a.se", "sha256": "s", "mottagen": NOW, "ar": 2026, "till_period": "2026-04"}
        first = store.save_ledger(**values, program_key="1", fynd=())
        again = store.save_ledger(**values, program_key="2", fynd=())
        assert (again.id, again.program_key, len(store.ledgers("k"))) == (first.id, "2", 1)
        accepted = Acceptans("a", -5, "Ekonomichef", "skäl", "")
        for reason in ("skäl", "ett annat"):
            store.accept_difference("k", "2026-04", Acceptans("a", -5, "Ekonomichef", reason, ""), tid=NOW)
        (kept,) = store.acceptances("k", "2026-04")
        assert (kept.kontroll, kept.differens_ore, kept.skal) == (accepted.kontroll, -5, "skäl")
        assert store.acceptances("k", "2026-05") == ()
        assert [event.vad for event in store.journal()] == ["huvudbok_mottagen", "differens_accepterad"]
