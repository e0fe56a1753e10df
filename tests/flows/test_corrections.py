"""Declared corrections through the steps: they hold, they are told of, they are proved again, and a stale one stops the closing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.kommun_config import KonfigurationsFel
from adapters.rendering import style_hash
from adapters.rendering.html import render_html
from adapters.store import Closing
from data_contracts.behorighet import Steg
from flows.cli import main
from flows.home import Hem
from flows.steps.compute import closing_fingerprint, compute
from flows.steps.figure_proof import ClosingProof
from flows.steps.report import public_context
from flows.steps.trace import trace
from flows.workplace import account, open_workplace
from tests.closings import MARS, Closed, time_of
from tests.rights import allow
from transforms.corrections import CorrectionError
from transforms.view_types import Lage
from transforms.views.report import build_namnd_report

PERSONAL = "2026-03/SBN/drift/personal/prognos"
RESULT = "2026-03/SBN/drift/arets_resultat/prognos"
NOW = time_of(MARS, 15)


@pytest.fixture
def hem(lingonby_mars: Closed, a_copy: Callable[[Closed], Closed]) -> Hem:
    return a_copy(lingonby_mars).hem


def value_of(hem: Hem, figure_id: str) -> int:
    with open_workplace(hem) as workplace:
        found = workplace.store.find_figure("lingonby", figure_id)
        assert found is not None
        assert found.figure.varde is not None
        return found.figure.varde


def declare(hem: Hem, fran_ore: int, till_ore: int, figure_id: str = PERSONAL) -> Path:
    """The home's file with one correction, in kronor."""
    path = hem.rattelser(2026)
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        f"rattelser:\n  - siffra: {figure_id}\n    fran: {fran_ore // 100}\n    till: {till_ore // 100}\n    enhet: kr\n"
        "    skal: En faktura på 50 000 kronor är bokförd två gånger.\n    beslutad_av: ekonomichef\n    datum: 2026-04-14\n"
    )
    return path


def closed_again(hem: Hem) -> Closing:
    with open_workplace(hem) as workplace:
        closing = compute(workplace, MARS, closing_fingerprint(workplace, MARS, style_hash()), NOW)
        return workplace.store.finish_closing(closing.id, finished=NOW, summary={})


def test_a_correction_moves_the_sums_and_its_trail_is_proved_to_the_stored_file(hem: Hem) -> None:
    before, result = value_of(hem, PERSONAL), value_of(hem, RESULT)
    path = declare(hem, before, before + 5_000_000)
    closing = closed_again(hem)
    assert value_of(hem, PERSONAL) == before + 5_000_000
    assert value_of(hem, RESULT) == result + 5_000_000
    path.unlink()
    with open_workplace(hem) as workplace:
        links = {link.figure_id: link for link in trace(workplace, RESULT)}
        assert ClosingProof(workplace, closing, frozenset()).broken([PERSONAL]) == []
        (told,) = workplace.store.journal("rattelser_anvanda")
        (entry,) = told.detaljer["poster"]
    assert not any(link.broken for link in links.values())
    assert links[f"{PERSONAL}_inlamnad"].proof.startswith("De lagrade byten är oförändrade")
    assert entry.startswith(f"{PERSONAL}: från ")
    assert entry.endswith("2026-04-14, ekonomichef")
    correction = links[f"{PERSONAL}_rattelse"]
    assert correction.proof == "Den lagrade filen är oförändrad och posten säger detsamma."
    assert "Beslutad av ekonomichef 2026-04-14." in correction.formel
    assert main(["--kommun", str(hem.path), "spara", PERSONAL]) == 0


def test_a_correction_is_tied_to_the_account_that_first_brought_it_into_a_closing(hem: Hem) -> None:
    before = value_of(hem, PERSONAL)
    declare(hem, before, before + 5_000_000)
    allow(hem, "Controller", Steg.GRANSKA)
    closed_again(hem)
    allow(hem, "Registrator", Steg.GRANSKA)
    closed_again(hem)
    with open_workplace(hem) as workplace:
        first, later = workplace.store.journal("rattelser_anvanda")
        (told,) = [link for link in trace(workplace, PERSONAL) if link.figure_id == f"{PERSONAL}_rattelse"]
    assert (first.anvandare, first.roll, later.roll) == (account(), "Controller", "Registrator")
    assert f"av kontot {account()}, Controller, händelse {first.nr} i granskningsloggen" in told.source[-1]
    assert "Beslutad av ekonomichef" in told.formel


def test_the_report_prints_the_correction_in_its_underlag_and_the_trail_has_both_values(hem: Hem) -> None:
    before = value_of(hem, PERSONAL)
    declare(hem, before, before + 5_000_000)
    closing = closed_again(hem)
    with open_workplace(hem) as workplace:
        _, context = public_context(workplace, closing)
        report = build_namnd_report(context, workplace.kommun.namnd("SBN"), lambda figure_id: None)
        other = build_namnd_report(context, workplace.kommun.namnd("BUN"), lambda figure_id: None)
    (row,) = next(sektion for sektion in report.sektioner if sektion.id == "underlag").rattelser
    assert row.beslut == "En faktura på 50 000 kronor är bokförd två gånger. Beslutad av ekonomichef 2026-04-14."
    assert (row.fran.ore, row.till.ore) == (before, before + 5_000_000)
    assert {f"{PERSONAL}_inlamnad", f"{PERSONAL}_rattelse"} <= {spar.figure_id for spar in report.spar}
    page = render_html(report, Lage("utkast", 1, "0" * 64), "webb").decode()
    assert "Rättelser som ekonomikontoret har beslutat" in page
    assert not any(sektion.rattelser for sektion in other.sektioner)


def test_a_correction_is_part_of_the_fingerprint_of_its_own_period_alone(hem: Hem) -> None:
    def fingerprint() -> str:
        with open_workplace(hem) as workplace:
            return closing_fingerprint(workplace, MARS, "stil")

    without = fingerprint()
    declare(hem, 100, 200)
    declared = fingerprint()
    declare(hem, 100, 300)
    assert len({without, declared, fingerprint()}) == 3
    declare(hem, 100, 200, "2026-05/SBN/drift/personal/prognos")
    assert fingerprint() == without


def test_e182_a_stale_correction_stops_the_closing(hem: Hem) -> None:
    before = value_of(hem, PERSONAL)
    declare(hem, before + 100, before + 200)
    with pytest.raises(CorrectionError, match=r"E182 rattelser/2026\.yaml, post 1: siffran 2026-03/SBN"):
        closed_again(hem)
    assert value_of(hem, PERSONAL) == before


def test_a_file_with_an_unknown_field_is_refused_with_its_line(hem: Hem) -> None:
    path = declare(hem, 100, 200)
    path.write_text(path.read_text().replace("skal:", "skäl:"))
    with open_workplace(hem) as workplace, pytest.raises(KonfigurationsFel, match="rad 6"):
        closing_fingerprint(workplace, MARS, "stil")
