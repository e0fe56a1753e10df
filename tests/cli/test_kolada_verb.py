"""``kolada`` as a controller runs it against a server that speaks the API, and closings that are the same without it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows.cli import main
from flows.home import CHECKOUT, Hem, open_home
from flows.steps.compute import closing_fingerprint
from flows.steps.kolada import KoladaSaknas, fetch_kolada, with_group
from flows.steps.trace import Tracer
from flows.terminal import ExitCode
from flows.workplace import open_workplace
from tests.closings import APRIL, figures_only, new_home, time_of
from tests.kolada_server import FakeKolada, kolada_server
from transforms.figures import KOMMUNEN, Figure, from_frame

OWN = "0099"


@pytest.fixture
def kolada() -> Iterator[FakeKolada]:
    """The server, with the values of the example's own file."""
    page = json.loads((CHECKOUT / "kommuner" / "lingonby" / "kolada.json").read_text(encoding="utf-8"))
    with kolada_server() as fake:
        fake.values = {(item["kpi"], item["municipality"], item["period"]): item["values"] for item in page["values"]}
        yield fake


@pytest.fixture
def home(tmp_path: Path) -> Callable[[FakeKolada], Hem]:
    """Lingonby, told where that server is."""

    def made(fake: FakeKolada) -> Hem:
        hem = new_home(tmp_path / "hem", "lingonby")
        settings = f'kolada: {{adress: "{fake.adress}", anrop_per_sekund: 500}}\n'
        (hem.path / "installningar.yaml").write_text(settings, encoding="utf-8")
        return open_home(hem.path)

    return made


def run(hem: Hem, *words: str) -> int:
    return main(["--kommun", str(hem.path), "kolada", *words])


def own_figure(hem: Hem, nyckeltal: str, year: int) -> Figure:
    with open_workplace(hem) as workplace:
        closing = workplace.store.last_closing(workplace.kommun.kod, str(APRIL))
        assert closing is not None
        figures = from_frame(workplace.store.load_figures(closing.id))
    return next(f for f in figures if (f.enhet, f.rad, f.serie, f.vardear) == (KOMMUNEN, nyckeltal, "varde", year))


def test_fetch_show_and_fetch_again_with_a_revised_and_a_withdrawn_value(
    kolada: FakeKolada, home: Callable[[FakeKolada], Hem], capsys: pytest.CaptureFixture[str]
) -> None:
    hem = home(kolada)
    assert run(hem, "hamta") == ExitCode.DONE
    said = capsys.readouterr().out
    assert "0 reviderade, 0 borttagna" in said
    assert "CC BY 4.0" in said
    assert run(hem, "visa") == ExitCode.DONE
    assert "Nöjda brukare i hemtjänsten: 79 (2025)" in capsys.readouterr().out
    kolada.put("N99002", OWN, 2025, T=81, K=82, M=80)
    del kolada.values["N99001", "0091", 2023]
    assert run(hem, "hamta") == ExitCode.DONE
    said = capsys.readouterr().out
    assert "0 nya, 3 reviderade, 3 borttagna" in said
    assert "N99002 0099 2025 T: 81" in said
    assert run(hem, "visa") == ExitCode.DONE
    assert "81 (2025, reviderat från 79)" in capsys.readouterr().out


def test_a_closing_needs_no_server_and_changes_only_with_a_value(
    kolada: FakeKolada, home: Callable[[FakeKolada], Hem]
) -> None:
    hem, now = home(kolada), time_of(APRIL, 15)
    run(hem, "hamta")
    asked = len(kolada.asked)
    with open_workplace(hem) as workplace:
        before = closing_fingerprint(workplace, APRIL, "")
    figures_only(hem, APRIL, now)
    assert len(kolada.asked) == asked
    assert own_figure(hem, "N99002", 2025).varde == 79
    run(hem, "hamta")
    with open_workplace(hem) as workplace:
        assert closing_fingerprint(workplace, APRIL, "") == before
    kolada.put("N99002", OWN, 2025, T=81)
    run(hem, "hamta")
    with open_workplace(hem) as workplace:
        assert closing_fingerprint(workplace, APRIL, "") != before
    figures_only(hem, APRIL, now + dt.timedelta(days=1))
    revised = own_figure(hem, "N99002", 2025)
    assert (revised.varde, "reviderat, version 2, tidigare 79" in revised.formel) == (81, True)


def test_spara_follows_a_value_to_the_stored_page(kolada: FakeKolada, home: Callable[[FakeKolada], Hem]) -> None:
    hem = home(kolada)
    run(hem, "hamta")
    figures_only(hem, APRIL, time_of(APRIL, 15))
    with open_workplace(hem) as workplace:
        (own,) = Tracer(workplace).trace("2026-04/KOMMUNEN/kolada/N99001/varde@2025")
        mean = Tracer(workplace).trace("2026-04/KOLADA.JAMFORDA/kolada/N99001/medel_jamforda@2025")
    assert (own.proof, own.broken) == ("Koladas lagrade svar är oförändrat.", False)
    assert [link.broken for link in mean] == [False] * 10
    assert mean[-1].sign == "÷"


def test_without_an_address_nothing_is_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hem = new_home(tmp_path / "hem", "lingonby")
    assert run(hem, "hamta") == ExitCode.WRONG_USE
    assert "E763" in capsys.readouterr().err
    alingsas = new_home(tmp_path / "annat", "alingsas")
    with open_workplace(alingsas) as workplace, pytest.raises(KoladaSaknas, match=r"^E763 kommun\.yaml"):
        fetch_kolada(workplace, None, time_of(APRIL, 15))


def test_a_saved_answer_is_read_without_a_network(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hem = new_home(tmp_path / "hem", "lingonby")
    page = CHECKOUT / "kommuner" / "lingonby" / "kolada.json"
    assert run(hem, "hamta", "--fil", str(page)) == ExitCode.DONE
    assert ": 0 nya" not in capsys.readouterr().out
    assert run(hem, "hamta", "--fil", str(page)) == ExitCode.DONE
    assert "0 nya, 0 reviderade, 0 borttagna" in capsys.readouterr().out
    assert run(hem, "hamta", "--fil", str(tmp_path / "saknas.json")) == ExitCode.WRONG_USE


def test_the_members_of_a_kommungrupp_are_fetched_kept_and_compared_with_offline(
    kolada: FakeKolada, home: Callable[[FakeKolada], Hem], capsys: pytest.CaptureFixture[str]
) -> None:
    hem = home(kolada)
    text = hem.kommun_yaml.read_text()
    start, end = text.index('    kommuner:\n      - {kod: "0091"'), text.index("  nyckeltal:\n    - {kod: N99001")
    hem.kommun_yaml.write_text(text[:start] + "    grupp: G1489\n" + text[end:])
    kolada.groups["G1489"] = {OWN: "Lingonby", "0091": "Blåbärsby", "0092": "Hallonby"}
    assert run(hem, "hamta") == ExitCode.DONE
    with open_workplace(hem) as workplace:
        assert [(part.kod, part.namn) for part in with_group(workplace).kolada.jamforelse.kommuner] == [
            ("0091", "Blåbärsby"), ("0092", "Hallonby"),
        ]  # fmt: skip
    asked = len(kolada.asked)
    figures_only(hem, APRIL, time_of(APRIL, 15))
    assert len(kolada.asked) == asked
    with open_workplace(hem) as workplace:
        mean = Tracer(workplace).trace("2026-04/KOLADA.JAMFORDA/kolada/N99001/medel_jamforda@2025")
    assert [link.name.partition(",")[0] for link in mean[1:3]] == ["Blåbärsby", "Hallonby"]
    del kolada.groups["G1489"]["0092"]
    assert run(hem, "hamta") == ExitCode.DONE
    with open_workplace(hem) as workplace:
        assert [part.kod for part in with_group(workplace).kolada.jamforelse.kommuner] == ["0091"]
    del kolada.groups["G1489"]
    capsys.readouterr()
    assert run(hem, "hamta") != ExitCode.DONE
    assert "E760 Kolada svarade inte på frågan om gruppen G1489" in capsys.readouterr().err
