"""The avvikelseregister through the steps: cases of two months, closed again, corrected, decided on, and told of in reports."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from adapters.rendering import style_hash
from adapters.store import Closing
from flows.cli import main
from flows.home import Hem
from flows.steps.compute import closing_fingerprint, compute
from flows.steps.deviations import cases_of
from flows.steps.figure_proof import ClosingProof
from flows.steps.report import EarlierFigures, public_context
from flows.steps.verify import verify
from flows.workplace import account, open_workplace
from tests.closings import APRIL, MARS, Closed, time_of
from tests.flows.test_corrections import declare
from transforms.deviation_register import Arende, Marke
from transforms.period import Period
from transforms.view_types import Rapport, Sektion, Tal
from transforms.views.deviation_cases import figure_ids
from transforms.views.report import build_kommun_report, build_namnd_report

PLACERINGAR = "AV-2026-OMS-drift-kop_verksamhet"
NOW = time_of(APRIL, 16)


@pytest.fixture
def hem(lingonby: Closed, a_copy: Callable[[Closed], Closed]) -> Hem:
    return a_copy(lingonby).hem


def cases(hem: Hem, period: Period = APRIL) -> dict[str, Arende]:
    with open_workplace(hem) as workplace:
        return {case.id: case for case in cases_of(workplace, period)}


def give_right(hem: Hem, far: str = "[avvikelse]", namnder: str = "") -> None:
    hem.behorighet_yaml.write_text(
        f"referens: Delegationsordning § 3\nkonton:\n  - anvandare: {account()}\n    roll: controller\n    far: {far}\n{namnder}"
    )


def close_again(hem: Hem, period: Period) -> Closing:
    with open_workplace(hem) as workplace:
        closing = compute(workplace, period, closing_fingerprint(workplace, period, style_hash()), NOW)
        return workplace.store.finish_closing(closing.id, finished=NOW, summary={})


def fingerprint(hem: Hem) -> str:
    with open_workplace(hem) as workplace:
        return closing_fingerprint(workplace, APRIL, "stil")


def verb(hem: Hem, *words: str) -> int:
    return main(["--kommun", str(hem.path), "avvikelser", *words])


def report_of(hem: Hem, closing: Closing, kod: str) -> Rapport:
    with open_workplace(hem) as workplace:
        _, context = public_context(workplace, closing)
        earlier = EarlierFigures(workplace)
        if not kod:
            return build_kommun_report(context, earlier)
        return build_namnd_report(context, workplace.kommun.namnd(kod), earlier)


def register(report: Rapport) -> Sektion:
    return next(sektion for sektion in report.sektioner if sektion.id == "avvikelseregister")


def texts(sektion: Sektion) -> str:
    rows = [f"{rad.namn} {rad.not_text}" for tabell in sektion.tabeller for rad in tabell.rader]
    said = ["".join(part if isinstance(part, str) else part.text for part in one.delar) for one in sektion.meningar]
    ended = ["".join(part if isinstance(part, str) else part.text for part in one.delar) for one in sektion.punkter]
    return "\n".join([*said, *ended, *rows])


def test_a_case_is_carried_from_march_to_april_with_age_effect_level_and_marks(lingonby: Closed) -> None:
    case = cases(lingonby.hem)[PLACERINGAR]
    assert ([one.period for one in case.sedd], case.alder, case.i_rad) == (["2026-03", "2026-04"], 2, 2)
    assert (case.senast.lovad_ore, case.senast.uppnadd_ore) == (120_000_000, 15_000_000)
    assert (case.senast.kategori, case.senast.ansvarig) == ("pris", "Socialchef")
    assert Marke.UPPREPAD in case.marken
    assert Marke.LAGRE_EFFEKT in case.marken
    assert case.till == "ks"
    assert cases(lingonby.hem, MARS)[PLACERINGAR].alder == 1


def test_every_amount_of_a_case_is_a_figure_whose_trail_ends_in_cells(lingonby: Closed) -> None:
    with open_workplace(lingonby.hem) as workplace:
        proof = ClosingProof(workplace, lingonby.closing, frozenset())
        for case in cases_of(workplace, APRIL):
            ids = figure_ids(case)
            assert ids
            assert proof.broken(ids) == []
        figure = proof.find("2026-04/OMS/drift/kop_verksamhet/lovad_effekt")
    assert figure is not None
    assert (figure.varde, figure.blad, figure.ravarde) == (120_000_000, "Kommentarer", "1200")


def test_reports_have_the_register_and_the_kommun_only_what_has_gone_up(lingonby: Closed) -> None:
    own = register(report_of(lingonby.hem, lingonby.closing, "KS"))
    (row,) = (rad for tabell in own.tabeller for rad in tabell.rader if PLACERINGAR in rad.not_text)
    assert row.celler[0].figure_id == "2026-04/OMS/drift/kop_verksamhet/avvikelse_helar"
    promised = Tal("+1\u00a0200", "2026-04/OMS/drift/kop_verksamhet/lovad_effekt", ore=120_000_000)
    assert promised in row.celler
    assert "Ska till kommunstyrelsen (riktlinjerna punkt 4.2)." in row.not_text
    assert "Ansvarig: Socialchef. Klart senast 2026-09-30." in row.not_text
    whole = texts(register(report_of(lingonby.hem, lingonby.closing, "")))
    assert PLACERINGAR in whole
    up = {key for key, case in cases(lingonby.hem).items() if case.till in ("ks", "kf")}
    assert all((key in whole) == (key in up) for key in cases(lingonby.hem))


def test_a_kommun_without_a_register_has_no_section(alingsas: Closed) -> None:
    with open_workplace(alingsas.hem) as workplace:
        _, context = public_context(workplace, alingsas.closing)
        report = build_namnd_report(context, workplace.kommun.namnd("TEN"), lambda figure_id: None)
    assert all(sektion.id != "avvikelseregister" for sektion in report.sektioner)
    assert verb(alingsas.hem, "2026-04") == 2


def test_closing_a_month_again_doubles_nothing_and_a_correction_is_told_of_in_the_log(hem: Hem) -> None:
    before = cases(hem)
    close_again(hem, APRIL)
    assert cases(hem) == before
    key, old = PLACERINGAR, before[PLACERINGAR].senast.helar_ore or 0
    with open_workplace(hem) as workplace:
        found = workplace.store.find_figure("lingonby", "2026-04/OMS/drift/kop_verksamhet/prognos")
    assert found is not None
    value = found.figure.varde or 0
    declare(hem, value, value + 10_000_000, "2026-04/OMS/drift/kop_verksamhet/prognos")
    closing = close_again(hem, APRIL)
    after = cases(hem)
    assert len(after) == len(before)
    assert after[key].senast.helar_ore == old + 10_000_000
    assert [one.period for one in after[key].sedd] == ["2026-03", "2026-04"]
    with open_workplace(hem) as workplace:
        told = workplace.store.journal("avvikelser_sedda")[-1].detaljer
    assert told["closing_id"] == closing.id
    assert [key, old, old + 10_000_000] in told["andrade"]
    assert told["nya"] == []


def test_a_row_corrected_to_under_the_limit_is_no_case_any_more_and_the_log_says_so(hem: Hem) -> None:
    row = next(
        case
        for case in cases(hem).values()
        if len(case.sedd) == 1 and case.senast.avser == "drift" and case.senast.rad != "arets_resultat"
    )
    seen = row.senast
    figure_id = f"2026-04/{seen.enhet}/drift/{seen.rad}/prognos"
    with open_workplace(hem) as workplace:
        found = workplace.store.find_figure("lingonby", figure_id)
    assert found is not None
    value = found.figure.varde or 0
    declare(hem, value, value - (seen.helar_ore or 0), figure_id)
    close_again(hem, APRIL)
    assert row.id not in cases(hem)
    with open_workplace(hem) as workplace:
        assert row.id in workplace.store.journal("avvikelser_sedda")[-1].detaljer["utgar"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--stang", PLACERINGAR, "--skal", "Rättat"], "E986"),
        (["--stang", PLACERINGAR, "--underlag", "kontoutdrag"], "E986"),
        (["--oppna", PLACERINGAR, "--skal", "Fel"], "E986"),
        (["--beslut", PLACERINGAR, "--skal", "Godkänns"], "E986"),
        (["--effekt", PLACERINGAR, "--belopp", "100", "--skal", "Mätt"], "E986"),
        (["--effekt", PLACERINGAR, "--skal", "Mätt", "--underlag", "x"], "--belopp"),
        (["--effekt", PLACERINGAR, "--belopp", "mycket", "--skal", "Mätt", "--underlag", "x"], "mycket"),
        (["--stang", "AV-2026-OMS-drift-intet", "--skal", "x", "--underlag", "y"], "E985"),
        (["--stang", "OMS/drift", "--skal", "x", "--underlag", "y"], "inget ärende"),
    ],
)
def test_what_lacks_evidence_reason_or_state_is_refused(
    hem: Hem, capsys: pytest.CaptureFixture[str], words: Sequence[str], said: str
) -> None:
    give_right(hem)
    assert verb(hem, *words) == 2
    assert said in capsys.readouterr().err
    with open_workplace(hem) as workplace:
        assert workplace.store.decisions("lingonby") == ()


def test_only_a_role_with_the_right_decides_and_only_on_its_own_namnd(
    hem: Hem, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--stang", PLACERINGAR, "--skal", "Rättat", "--underlag", "kontoutdrag")
    assert verb(hem, *words) == 2
    give_right(hem, "[valj_version]")
    assert verb(hem, *words) == 2
    give_right(hem, namnder="    namnder: [BUN]\n")
    assert verb(hem, *words) == 2
    assert capsys.readouterr().err.count("E933") == 3
    give_right(hem, namnder="    namnder: [KS]\n")
    assert verb(hem, *words) == 0


def test_a_case_closed_with_evidence_is_told_of_and_a_later_month_over_the_limit_opens_it(
    hem: Hem, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    give_right(hem)
    evidence = tmp_path / "kontoutdrag.txt"
    evidence.write_bytes(b"Avtalen \xc3\xa4r omf\xc3\xb6rhandlade.\n")
    before = fingerprint(hem)
    assert (
        verb(hem, "--effekt", PLACERINGAR, "--belopp", "1 300 000", "--underlag", str(evidence), "--skal", "Mätt") == 0
    )
    assert cases(hem)[PLACERINGAR].uppnadd_ore == 130_000_000
    assert verb(hem, "--stang", PLACERINGAR, "--underlag", str(evidence), "--skal", "Avtalen är klara.") == 0
    assert fingerprint(hem) != before
    closing = close_again(hem, APRIL)
    section = texts(register(report_of(hem, closing, "KS")))
    assert f"({PLACERINGAR}), av controller" in section
    assert "Avtalen är klara. Underlag: kontoutdrag.txt." in section
    with open_workplace(hem) as workplace:
        (event,) = workplace.store.journal("arende_stangd")
        decision = workplace.store.decisions("lingonby")[-1]
        assert workplace.objects.get(decision.underlag_sha256) == evidence.read_bytes()
        assert decision.underlag_sha256 in workplace.store.objects_named()
        assert verify(workplace, period="2026-03", sample=5, against=()).brott == ()
    assert (event.detaljer["arende_id"], event.detaljer["roll"], event.roll) == (
        PLACERINGAR,
        "controller",
        "controller",
    )
    capsys.readouterr()
    assert verb(hem, "2026-04", "--json") == 0
    (told,) = (one for one in json.loads(capsys.readouterr().out) if one["id"] == PLACERINGAR)
    assert (told["oppen"], told["uppnadd_ore"], told["till"]) == (False, 130_000_000, "")
    assert verb(hem, "2026-03", "--json") == 0
    (march,) = (one for one in json.loads(capsys.readouterr().out) if one["id"] == PLACERINGAR)
    assert march["oppen"]


def test_verifiera_finds_a_case_and_a_decision_changed_behind_the_program_s_back(hem: Hem) -> None:
    import sqlite3

    give_right(hem)
    assert verb(hem, "--beslut", PLACERINGAR, "--paragraf", "KS 2026-05-20 § 41", "--skal", "Åtgärden godkänns") == 0
    with sqlite3.connect(hem.databas.removeprefix("sqlite:///")) as database:
        database.execute("UPDATE arendebeslut SET text = 'Åtgärden avslås'")
        database.execute(
            "UPDATE avvikelser SET innehall = replace(innehall, '\"over\": true', '\"over\": false') WHERE closing_id = 2"
        )
    with open_workplace(hem) as workplace:
        broken = [brott.text for brott in verify(workplace, period="2026-03", sample=1, against=()).brott]
    assert len(broken) == 2
    assert "avvikelseregister" in broken[0]
    assert PLACERINGAR in broken[1]
