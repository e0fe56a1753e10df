"""The summary after a scheduled run by real mail: what came and did not, what was sent, what needs a person; once each, also when quiet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.mail import Connection, MailFel, Mailserver
from adapters.store import LagringsFel, Store
from data_contracts.kommun import Mottagare
from flows.home import Hem
from flows.steps.dispatch import LEASE
from flows.steps.health import Korning, send_health, underlag_of
from flows.workplace import open_workplace
from tests.closings import Closed, new_home
from tests.killing import killed
from tests.smtp_server import SmtpServer, smtp_server

NOW = dt.datetime(2026, 4, 21, 5, 0, tzinfo=dt.UTC)
OFFICE = ("ekonomi@exempel.invalid", "chef@exempel.invalid")


@pytest.fixture
def server(tmp_path: Path):  # type: ignore[no-untyped-def]
    with smtp_server(tmp_path / "post") as running:
        yield running


@pytest.fixture
def hem(a_copy: Callable[[Closed], Closed], lingonby_mars: Closed, server: SmtpServer) -> Hem:
    mail = Mailserver("127.0.0.1", server.port, starttls=False, avsandare="ekonomi@kommunen.example")
    return replace(a_copy(lingonby_mars).hem, epost=mail)


def send(hem: Hem, run: str, *, fel: str = "", minutes: int = 0) -> tuple[str, ...]:
    with open_workplace(hem) as workplace:
        named = tuple(Mottagare(roll="Ekonom", adress=address) for address in OFFICE)
        office = replace(workplace, kommun=workplace.kommun.model_copy(update={"ekonomikontor": named}))
        clock = lambda: NOW + dt.timedelta(minutes=minutes)  # noqa: E731
        return send_health(office, Korning(run, "Stäng månaden", "2026-03", fel), clock)


def text_of(server: SmtpServer, place: int) -> str:
    return str(server.received[place].mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]


def test_the_summary_tells_what_came_what_waits_and_the_logs_head(hem: Hem, server: SmtpServer) -> None:
    send(hem, "körning-1")
    assert [got.recipients for got in server.received] == [(address,) for address in OFFICE]
    text = text_of(server, 0)
    came = text.partition("DET HÄR HAR KOMMIT")[2].partition("DET HÄR HAR INTE KOMMIT")[0]
    assert came.count("godkänd") >= 4
    assert "budgetregistret" in came
    assert "utkast väntar på granskning. rodatraden granska-utkast 2026-03" in text
    with Store(hem.databas) as store:
        heads = [f"{link.nr}:" for link in store.journal()]
    assert any(f"Granskningsloggens huvud: {head}" in text for head in heads)
    assert server.received[0].mail["Subject"].startswith("Läget efter Stäng månaden, ")


def test_the_next_summary_tells_only_of_what_has_happened_since_and_that_nothing_did(
    hem: Hem, server: SmtpServer
) -> None:
    send(hem, "körning-1")
    send(hem, "körning-2", minutes=5)
    assert len(server.received) == 4
    came = text_of(server, 2).partition("DET HÄR HAR KOMMIT")[2].partition("DET HÄR HAR INTE KOMMIT")[0]
    assert came.split() == ["Inget."]
    sent = text_of(server, 2).partition("DET HÄR HAR SKICKATS")[2].split()
    assert sent[0] == "Inget."


def test_one_run_is_told_of_once_however_often_it_is_tried(hem: Hem, server: SmtpServer) -> None:
    for minutes in range(3):
        send(hem, "körning-1", minutes=minutes)
    assert [got.recipients for got in server.received] == [(address,) for address in OFFICE]


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_while_it_is_mailed_nobody_gets_two(hem: Hem, server: SmtpServer, when: str) -> None:
    assert killed(Connection, "send", when, 1, lambda: send(hem, "körning-1"))  # type: ignore[arg-type]
    send(hem, "körning-1", minutes=LEASE.seconds // 60 + 1)
    counted = [got.recipients[0] for got in server.received]
    assert counted.count(OFFICE[0]) == (when == "after")
    assert counted.count(OFFICE[1]) == 1


def test_a_run_that_was_broken_off_says_why_first(hem: Hem, server: SmtpServer) -> None:
    send(hem, "körning-1", fel="E903 Inkorgen går inte att nå.")
    assert server.received[0].mail["Subject"].startswith("Avbrott i Stäng månaden, ")
    assert text_of(server, 0).index("E903 Inkorgen") < text_of(server, 0).index("BEHÖVER EN MÄNNISKA")


def test_a_server_that_is_gone_keeps_the_news_for_the_next_summary(hem: Hem, server: SmtpServer) -> None:
    assert hem.epost is not None
    with pytest.raises(MailFel, match="E930"):
        send(replace(hem, epost=replace(hem.epost, port=1)), "körning-1")
    send(hem, "körning-2", minutes=5)
    assert text_of(server, 0).count("godkänd") >= 4


def test_what_is_missing_is_named_with_its_last_day(hem: Hem) -> None:
    with open_workplace(hem) as workplace:
        told = underlag_of(workplace, Korning("x", "Hämta returer", "2026-04"), NOW)
    assert len(told.kom_inte) == 4
    assert all("april 2026. Senast " in line for line in told.kom_inte)


@pytest.mark.usefixtures("prefect_server")
def test_a_scheduled_flow_is_told_of_also_when_it_fails(
    tmp_path: Path, server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.collect_returns import collect_returns

    hem = new_home(tmp_path / "hem", "lingonby")
    (hem.path / "installningar.yaml").write_text(
        f"epost: {{server: 127.0.0.1, port: {server.port}, starttls: false, avsandare: e@kommunen.example}}\n",
        encoding="utf-8",
    )
    text = hem.kommun_yaml.read_text(encoding="utf-8")
    if "ekonomikontor:" not in text:
        text += f"ekonomikontor:\n  - {{roll: Ekonom, adress: {OFFICE[0]}}}\n"
        hem.kommun_yaml.write_text(text, encoding="utf-8")
    collect_returns(str(hem.path), "2026-04")
    assert server.received == []
    collect_returns(str(hem.path))
    quiet = len(server.received)
    assert quiet >= 1
    assert "Läget efter Hämta returer" in server.received[0].mail["Subject"]

    def broken(*_: object) -> None:
        raise LagringsFel("E907 Prov.")

    monkeypatch.setattr("flows.collect_returns.collect", broken)
    with pytest.raises(LagringsFel, match="E907 Prov"):
        collect_returns(str(hem.path))
    assert len(server.received) == 2 * quiet
    assert "Avbrott i Hämta returer" in server.received[-1].mail["Subject"]
    assert "E907 Prov." in text_of(server, -1)
