"""A controller lets an earlier version count: by account and reason, shown in kvittens, lage and the report's underlag."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from adapters.rendering import style_hash
from adapters.workbook_fill import set_cells
from flows.cli import main
from flows.home import Hem
from flows.steps.collect import collect
from flows.steps.compute import closing_fingerprint
from flows.steps.receipt import answer_new
from flows.steps.report import build_reports
from flows.workplace import account, open_workplace
from tests.closings import APRIL, deliver, facts_of, figures_only, new_home, time_of

NOW = time_of(APRIL, 10)
WORDS = ("valj-version", "2026-04", "OMF")


@pytest.fixture(scope="module")
def hem(tmp_path_factory: pytest.TempPathFactory) -> Hem:
    """Lingonby with two accepted versions of OMF's return, the second with another volume."""
    hem = new_home(tmp_path_factory.mktemp("val") / "hem", "lingonby")
    deliver(hem, facts_of("lingonby", "2026-04"), NOW)
    inbox = Path(hem.inkorg)
    for path in inbox.glob("retur-*.xlsx"):
        if path.name != "retur-omf-2026-04.xlsx":
            path.unlink()
    with open_workplace(hem) as workplace:
        answer_new(workplace, collect(workplace, APRIL, NOW).new, NOW)
    changed = set_cells((inbox / "retur-omf-2026-04.xlsx").read_bytes(), "Volymer", {"J9": Decimal(85)})
    (inbox / "b.xlsx").write_bytes(changed)
    with open_workplace(hem) as workplace:
        answer_new(workplace, collect(workplace, APRIL, NOW).new, NOW)
    return hem


def test_a_choice_takes_an_account_with_the_right_a_reason_and_an_accepted_version(hem: Hem, capsys) -> None:
    words = ["--kommun", str(hem.path), *WORDS]
    assert main(words) == 0
    listed = capsys.readouterr().out
    assert "version 1: godkänd, räknas inte" in listed
    assert "Version 2 räknas: den är den nyaste godkända." in listed
    assert main([*words, "1"]) == 2
    assert "--skal" in capsys.readouterr().err
    assert main([*words, "1", "--skal", "fel fil"]) == 2
    assert f"E933 Kontot {account()}" in capsys.readouterr().err
    hem.behorighet_yaml.write_text(
        f"referens: Delegationsordning 3.2\nkonton:\n  - {{anvandare: {account()}, roll: Controller, far: [valj_version]}}\n"
    )
    assert main([*words, "7", "--skal", "fel fil"]) == 2
    assert "E915 OMF har ingen godkänd version 7" in capsys.readouterr().err
    with open_workplace(hem) as workplace:
        before = closing_fingerprint(workplace, APRIL, style_hash())
    assert main([*words, "1", "--skal", "version 2 var\n ett utkast"]) == 0
    sentence = "Version 1 räknas i stället för version 2: vald av Controller"
    assert sentence in capsys.readouterr().out
    assert main(["--kommun", str(hem.path), "lage", "2026-04"]) == 0
    assert sentence in capsys.readouterr().out
    closing = figures_only(hem, APRIL, NOW)
    assert closing.fingerprint != before
    with open_workplace(hem) as workplace:
        found = workplace.store.find_figure("lingonby", "2026-04/OMS/volymer/sarskilt_boende/prognos")
        assert found is not None
        assert found.figure.varde != 85
        built = build_reports(workplace, closing, style_hash())
        view = next(workplace.objects.get(one.view_key).decode() for one in built if one.view.kod == "KS")
        assert sentence in view
        assert "Skäl: version 2 var ett utkast" in view
        chain = workplace.store.retur_chain("lingonby", "OMF", "2026-04")
        receipts = answer_new(workplace, [one.id for one in chain], NOW)
        assert all("version 2: vald av" in " ".join(one.brev.read_text("utf-8").split()) for one in receipts)
