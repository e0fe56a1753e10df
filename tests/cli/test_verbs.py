"""What each verb prints and leaves, with the exit code that tells how it went."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import runpy
import stat
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

import flows.verbs.explain
from adapters.contract_files import all_codes
from adapters.workbook_fill import set_cells
from flows.cli import main
from flows.home import CHECKOUT, Hem
from flows.workplace import open_workplace
from tests.closings import APRIL, deliver, facts_of, figures_only, new_home, time_of
from transforms.figures import from_frame

KLF_PERSONAL = "2026-04/KS/drift/personal/prognos"


@pytest.fixture
def hem(tmp_path: Path) -> Hem:
    """An empty home of Lingonby."""
    return new_home(tmp_path / "hem", "lingonby")


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Hem:
    """Lingonby, April 2026, figures only; OMF has a row of its own with a name that a spreadsheet would run."""
    home, now = new_home(tmp_path_factory.mktemp("cli") / "hem", "lingonby"), time_of(APRIL, 15)
    deliver(home, facts_of("lingonby", "2026-04"), now)
    omf = Path(home.inkorg) / "retur-omf-2026-04.xlsx"
    own = {"B20": "OMS", "C20": "egen", "D20": '=HYPERLINK("http://x";"y")', "E20": "kostnader", "J20": Decimal(0)}
    omf.write_bytes(set_cells(omf.read_bytes(), "Drift", own))
    figures_only(home, APRIL, now)
    return home


def run(*words: str | Path, expect: int = 0) -> None:
    assert main([str(word) for word in words]) == expect


def stored(hem: Hem, sha256: str) -> Path:
    return Path(hem.objekt) / sha256[:2] / sha256[2:]


# siffror


def test_siffror_gives_every_figure_as_json(closed, capsys):
    run("--kommun", closed.path, "siffror", "2026-04", "--json")
    told = json.loads(capsys.readouterr().out)
    with open_workplace(closed) as workplace:
        closing = workplace.store.last_closing("lingonby", "2026-04")
        figures = from_frame(workplace.store.load_figures(closing.id))
    assert told["period"] == "2026-04"
    assert [row["id"] for row in told["siffror"]] == [figure.figure_id for figure in figures]
    assert [row["varde"] for row in told["siffror"]] == [figure.varde for figure in figures]
    rows = {row["id"]: row for row in told["siffror"]}
    entered, computed = rows[KLF_PERSONAL], rows["2026-04/KS/drift/personal/avvikelse_helar"]
    assert (entered["varde"], entered["enhet"], entered["blad"], entered["cell"]) == (
        -3_740_000_000,
        "öre",
        "Drift",
        "J9",
    )
    assert entered["fil"] == "retur-klf-2026-04.xlsx"
    assert re.fullmatch(r"[0-9a-f]{64}", entered["sha256"])
    assert "Intäkter +, kostnader −" in entered["teckenregel"]
    assert computed["formel"] == "prognos helår − budget helår"
    assert [(part["tecken"], part["id"]) for part in computed["indata"]] == [
        ("+", KLF_PERSONAL), ("−", "2026-04/KS/drift/personal/budget"),
    ]  # fmt: skip


def test_siffror_as_csv_is_what_swedish_excel_reads_and_runs_nothing(closed, capsys):
    run("--kommun", closed.path, "siffror", "2026-04", "--csv")
    text = capsys.readouterr().out
    assert text.startswith("\ufeffid;namn;varde;enhet;")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))
    run("--kommun", closed.path, "siffror", "2026-04")
    as_json = json.loads(capsys.readouterr().out)["siffror"]
    assert [row["id"] for row in rows] == [row["id"] for row in as_json]
    assert [row["varde"] for row in rows] == ["" if row["varde"] is None else str(row["varde"]) for row in as_json]
    assert any(row["namn"].startswith("'=HYPERLINK") for row in rows)
    for row in rows:
        for name, value in row.items():
            assert not value.startswith(("=", "@", "\t", "\r")), (row["id"], name)
            assert not value.startswith(("+", "-")) or re.fullmatch(r"-\d+", value), (row["id"], name)


def test_siffror_for_a_month_that_is_not_closed_says_so(closed, capsys):
    run("--kommun", closed.path, "siffror", "2026-05", expect=2)
    assert capsys.readouterr().err == "maj 2026 är inte stängd. Stäng den först: rodatraden stang 2026-05\n"


# spara


def test_spara_shows_file_hash_sheet_cell_content_and_proof(closed, capsys):
    run("--kommun", closed.path, "spara", KLF_PERSONAL)
    out = capsys.readouterr().out
    sent = (Path(closed.inkorg) / "retur-klf-2026-04.xlsx").read_bytes()
    value = load_workbook(io.BytesIO(sent), data_only=True)["Drift"]["J9"].value
    lines = [line.strip() for line in out.splitlines()]
    assert lines[0].endswith("prognos helår (april 2026): −37\u00a0400\u00a0000,00\u00a0kr")
    assert lines[1] == KLF_PERSONAL
    place = [re.sub(r" +", " ", line) for line in lines[2:6]]
    assert place == [
        "fil retur-klf-2026-04.xlsx",
        f"sha256 {hashlib.sha256(sent).hexdigest()}",
        'blad "Drift", cell J9',
        f"innehåll '{value}'",
    ]
    assert lines[6] == "De lagrade byten är oförändrade och cellen innehåller detsamma."
    assert lines[-1].startswith("Spåret håller: 1 led, 1 ")


def test_spara_goes_through_formulas_to_every_cell_indented(closed, capsys):
    run("--kommun", closed.path, "spara", "2026-04/KS/drift/nettokostnader/avvikelse_helar")
    out = capsys.readouterr().out
    depths = {len(line) - len(line.lstrip()) for line in out.splitlines() if line.lstrip()[:2] in ("+ ", "− ")}
    assert len(depths) >= 2
    assert "= prognos helår − budget helår" in out
    assert "budgetregister-2026-04.xlsx" in out
    assert out.count("De lagrade byten är oförändrade") == out.count("sha256 ")


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        ("personal", "är inget siffer-id"),
        ("2026-04/KS/drift/hittepa/prognos", "finns inte i någon stängning. Alla siffror: rodatraden siffror 2026-04"),
    ],
)
def test_spara_of_what_is_no_figure_says_where_the_figures_are(closed, capsys, figure, said):
    run("--kommun", closed.path, "spara", figure, expect=2)
    assert said in capsys.readouterr().err


# A broken store, faults and configuration


@pytest.fixture
def tampered(closed, tmp_path, capsys):
    """A copy of the closed home in which the stored return of KLF has been changed."""
    from tests.closings import copy_home

    home = copy_home(closed, tmp_path / "kopia")
    sha256 = hashlib.sha256((Path(home.inkorg) / "retur-klf-2026-04.xlsx").read_bytes()).hexdigest()
    path = stored(home, sha256)
    assert not path.stat().st_mode & stat.S_IWUSR
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b" ")
    return home


def kept_fault(home: Path, err: str) -> str:
    """The file that the message names, which lies in the home."""
    named = re.search(r"^Felfil: (.+)$", err, re.MULTILINE)
    assert named
    assert Path(named[1]).parent == home / "logg"
    return Path(named[1]).read_text(encoding="utf-8")


def test_a_changed_object_is_a_fault_in_the_system(tampered, capsys):
    run("--kommun", tampered.path, "spara", KLF_PERSONAL, expect=3)
    told = capsys.readouterr()
    assert "E902 Objektet " in told.err
    assert "Läs tillbaka filen från säkerhetskopian" in told.err
    assert "Traceback" not in told.err
    assert "Spåret håller" not in told.out
    assert "ObjektFel: E902" in kept_fault(tampered.path, told.err)


def test_what_nobody_foresaw_is_said_in_swedish_and_kept_in_a_file(hem, capsys):
    Path(hem.path / "lager" / "rodatraden.db").write_bytes(b"ingen databas, bara text" * 100)
    run("--kommun", hem.path, "hamta", expect=3)
    told = capsys.readouterr()
    assert re.search(r"^E90[68] ", told.err, re.MULTILINE)
    assert "Traceback" not in told.err
    assert "Traceback" in kept_fault(hem.path, told.err)


def test_felsok_shows_the_fault_itself(hem):
    (hem.path / "lager" / "rodatraden.db").write_bytes(b"ingen databas, bara text" * 100)
    with pytest.raises(Exception, match=r"E906|not a database"):
        main(["--felsok", "--kommun", str(hem.path), "hamta"])


def test_faults_in_kommun_yaml_are_told_with_line_and_field(hem, capsys):
    lines = hem.kommun_yaml.read_text(encoding="utf-8").splitlines()
    at = lines.index("    finansiering: skattefinansierad")
    lines[at] = "    finansiering: skatt"
    hem.kommun_yaml.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for verb in (["hamta"], ["stang", "2026-04"], ["mall", "2026-04"], ["schemalagg", "--visa"]):
        run("--kommun", hem.path, *verb, expect=2)
        told = capsys.readouterr()
        assert told.err.lstrip("\r\x1b[K").startswith(f"E010 kommun.yaml, rad {at + 1}, enheter[1].finansiering: ")
        assert "Traceback" not in told.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("processer: många\n", 'rad 1, processer: "många" är inte ett heltal.'),
        ("# vår server\ndatabass: x\n", "rad 2, databass: Fältet är okänt."),
        ("processer: 900\n", 'rad 1, processer: "900" är utanför det tillåtna: högst 64.'),
        ("databas: [1\n", "Filen går inte att läsa som YAML"),
    ],
)
def test_faults_in_installningar_yaml_are_told_in_swedish(hem, capsys, text, said):
    (hem.path / "installningar.yaml").write_text(text, encoding="utf-8")
    run("--kommun", hem.path, "hamta", expect=2)
    err = capsys.readouterr().err
    assert err.startswith("E010 installningar.yaml, ")
    assert said in err
    assert "nput should" not in err


def test_installningar_yaml_with_only_comments_is_as_none(hem, capsys):
    (hem.path / "installningar.yaml").write_text("# inget än\n\n", encoding="utf-8")
    run("--kommun", hem.path, "hamta")
    assert capsys.readouterr().out.startswith("0 nya filer")


def test_a_missing_inbox_and_a_missing_home_are_the_users_to_mend(hem, tmp_path, capsys, monkeypatch):
    Path(hem.inkorg).rmdir()
    run("--kommun", hem.path, "hamta", expect=2)
    assert "E903 Inkorgen " in capsys.readouterr().err
    monkeypatch.delenv("RODATRADEN_HEM", raising=False)
    run("--kommun", tmp_path, "hamta", expect=2)
    assert "rodatraden ny-kommun MAPP" in capsys.readouterr().err


def test_the_home_may_be_named_by_the_environment(hem, capsys, monkeypatch):
    monkeypatch.setenv("RODATRADEN_HEM", str(hem.path))
    run("hamta")
    assert capsys.readouterr().out.startswith("0 nya filer")


def test_a_period_that_is_none_is_wrong_use(hem, capsys):
    run("--kommun", hem.path, "mall", "april", expect=2)
    assert capsys.readouterr().err == "perioden 'april' ska skrivas som år och månad, till exempel 2026-04.\n"


def test_ctrl_c_is_said_in_swedish(monkeypatch, capsys):
    def interrupted(arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(flows.verbs.explain, "run", interrupted)
    run("forklara", expect=3)
    assert capsys.readouterr().err.startswith("Avbrutet. Allt som var klart är sparat;")


# mall, ny-kommun, hamta, forklara


def test_mall_writes_a_workbook_per_forvaltning_the_same_bytes_each_time(closed, tmp_path, capsys):
    first, second = tmp_path / "a", tmp_path / "b"
    run("--kommun", closed.path, "mall", "2026-05", "--ut", first)
    run("mall", "2026-05", "--kommun", closed.path, "--ut", second)
    names = [f"retur-lingonby-{kod}-2026-05.xlsx" for kod in ("buf", "klf", "omf", "sbf")]
    assert sorted(path.name for path in first.iterdir()) == names
    assert [(first / name).read_bytes() for name in names] == [(second / name).read_bytes() for name in names]
    assert sorted(capsys.readouterr().out.split()) == sorted(
        str(folder / name) for folder in (first, second) for name in names
    )
    sheet = load_workbook(first / "retur-lingonby-klf-2026-05.xlsx")["Start"]
    assert (sheet["C10"].value, sheet["C12"].value) == ("KLF", "2026-05")


def test_mall_for_one_forvaltning_and_for_the_register(hem, capsys):
    run("--kommun", hem.path, "mall", "2026-04", "--forvaltning", "OMF")
    run("--kommun", hem.path, "mall", "2026-04", "--register")
    told = capsys.readouterr()
    made = sorted(path.name for path in hem.mallar("2026-04").iterdir())
    assert made == ["budgetregister-lingonby-2026.xlsx", "retur-lingonby-omf-2026-04.xlsx"]
    assert told.out.splitlines() == [str(hem.mallar("2026-04") / name) for name in reversed(made)]
    run("--kommun", hem.path, "mall", "2026-04", "--forvaltning", "XYZ", expect=2)
    assert capsys.readouterr().err == "Förvaltningen XYZ finns inte. Välj bland KLF, OMF, BUF, SBF.\n"


def test_ny_kommun_makes_a_home_that_an_editor_knows_and_that_works(tmp_path, capsys):
    home = tmp_path / "minkommun"
    run("ny-kommun", home)
    out = capsys.readouterr().out
    first = (home / "kommun.yaml").read_text(encoding="utf-8").splitlines()[0]
    schema = home / first.partition("$schema=")[2]
    assert schema.read_bytes() == (CHECKOUT / "kommuner" / "kommun.schema.json").read_bytes()
    assert schema.parent == home
    for number in range(1, 6):
        assert f"  {number}. " in out
    run("--kommun", home, "hamta")
    run("ny-kommun", home, expect=2)
    assert "har redan en kommun.yaml" in capsys.readouterr().err


def test_hamta_tells_of_new_files_once(hem, closed, capsys):
    (Path(hem.inkorg) / "retur.xlsx").write_bytes((Path(closed.inkorg) / "retur-klf-2026-04.xlsx").read_bytes())
    (Path(hem.inkorg) / "brev.txt").write_text("hej")
    run("--kommun", hem.path, "hamta", expect=1)
    out = capsys.readouterr().out
    assert out.startswith("2 nya filer, 0 kända sedan tidigare.\n")
    assert "  retur.xlsx: KLF, 2026-04, version 1, sha256 " in out
    assert "  brev.txt: okänd avsändare, okänd period" in out
    run("--kommun", hem.path, "hamta")
    assert capsys.readouterr().out.startswith("0 nya filer, 2 kända sedan tidigare.\n")


def test_forklara_answers_for_a_code_and_lists_all(capsys):
    run("forklara", "e902")
    assert capsys.readouterr().out.startswith("E902  Objekt ändrat\nAllvar: stoppar\n\nGäller: programmet")
    run("forklara")
    assert [line[:4] for line in capsys.readouterr().out.splitlines()] == list(all_codes())
    run("forklara", "E998", expect=2)
    assert capsys.readouterr().err == "Koden E998 finns inte. Alla koder: rodatraden forklara\n"


def test_schemalagg_shows_the_calendar(hem, capsys):
    run("--kommun", hem.path, "schemalagg", "--visa")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["Hämta", "returer", "07:00", "0", "7", "*", "*", "1-5", "Europe/Stockholm"]
    assert lines[-2].startswith("Stäng månaden ")
    assert lines[-1].startswith("Sänd fastställda rapporter ")


def test_the_module_can_be_run_without_the_console_script(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["rodatraden", "forklara", "E110"])
    monkeypatch.delitem(sys.modules, "flows.cli")
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("flows.cli", run_name="__main__")
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("E110  ")
