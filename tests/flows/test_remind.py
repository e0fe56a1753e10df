"""Templates, reminders and late notices through a real SMTP server: each once, whatever ends the program in between."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from adapters.mail import MailFel, Mailserver
from adapters.store import UtskickStatus
from data_contracts.findings import Severity
from data_contracts.kommun import Mottagare
from flows.home import CHECKOUT, Hem, open_home
from flows.remind_summary import as_lines
from flows.steps.board import board_of, publish_board
from flows.steps.check import check_returns
from flows.steps.collect import collect
from flows.steps.dispatch import LEASE
from flows.steps.remind import Reminded, remind
from flows.workplace import Workplace, open_workplace
from tests.closings import APRIL, deliver, facts_of, new_home
from tests.smtp_server import SmtpServer, smtp_server

STOCKHOLM = ZoneInfo("Europe/Stockholm")
TEMPLATES_OUT, DUE_EVE, LATE, ESCALATED = "2026-05-05", "2026-05-11", "2026-05-13", "2026-05-15"
"""Lingonby's days for April: template, reminder, late, escalation; due on the 12th."""


def local(day: str, time_: str = "07:30") -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T{time_}").replace(tzinfo=STOCKHOLM)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lingonby's home with the budget register taken in and no return yet; its addresses are the tests' own."""
    hem = new_home(tmp_path_factory.mktemp("utskick") / "hem", "lingonby")
    deliver(hem, facts_of("lingonby", "2026-04"), local("2026-05-04"))
    for path in Path(hem.inkorg).glob("retur-*.xlsx"):
        path.rename(hem.path / path.name)
    return hem.path


@pytest.fixture
def hem(ready: Path, tmp_path: Path) -> Hem:
    return open_home(Path(shutil.copytree(ready, tmp_path / "hem")))


@pytest.fixture
def server(tmp_path: Path):  # type: ignore[no-untyped-def]
    with smtp_server(tmp_path / "post") as running:
        yield running


def with_addresses(workplace: Workplace, **changed: str) -> Workplace:
    """Each förvaltning has one address, ``klf@…``, unless another is given; the chief gets the escalation."""
    kommun = workplace.kommun
    offices = tuple(
        office.model_copy(
            update={
                "avsandare": (
                    Mottagare(roll="Ekonom", adress=changed.get(office.kod, f"{office.kod.lower()}@example.org")),
                )
            }
        )
        for office in kommun.forvaltningar
    )
    chief = (Mottagare(roll="Ekonomichef", adress="chef@example.org"),)
    calendar = kommun.kalender.model_copy(update={"eskalering_till": chief})
    return replace(workplace, kommun=kommun.model_copy(update={"forvaltningar": offices, "kalender": calendar}))


def run(hem: Hem, port: int | None, at: dt.datetime, *, dry: bool = False, **changed: str) -> Reminded:
    """One look at the calendar at a time, as a process of its own would take it."""
    post = None if port is None else Mailserver("127.0.0.1", port, starttls=False, avsandare="ekonomi@example.org")
    with open_workplace(replace(hem, epost=post)) as workplace:
        return remind(with_addresses(workplace, **changed), APRIL, lambda: at, dry=dry)


def arrived(server: SmtpServer) -> list[str]:
    """The recipients of what came, sorted."""
    return sorted(got.recipients[0] for got in server.received)


def states(hem: Hem) -> dict[str, UtskickStatus]:
    with open_workplace(hem) as workplace:
        return {mail.mottagare: mail.status for mail in workplace.store.dispatches_for("lingonby", "2026-04")}


def offices(hem: Hem) -> list[str]:
    with open_workplace(hem) as workplace:
        return sorted(f"{office.kod.lower()}@example.org" for office in workplace.kommun.forvaltningar)


def test_templates_go_out_once_with_the_workbook_however_often_it_runs(hem: Hem, server: SmtpServer) -> None:
    first = run(hem, server.port, local(TEMPLATES_OUT))
    assert {one.status for one in first.utfall} == {UtskickStatus.SKICKAD}
    for at in (local(TEMPLATES_OUT), local(TEMPLATES_OUT, "16:00"), local("2026-05-07")):
        assert not any(one.is_new for one in run(hem, server.port, at).utfall)
    assert arrived(server) == offices(hem)
    for got in server.received:
        (workbook,) = got.mail.iter_attachments()
        assert workbook.get_filename() == f"retur-lingonby-{got.recipients[0].partition('@')[0]}-2026-04.xlsx"
        assert workbook.get_content()[:2] == b"PK"
        assert "senast 2026-05-12 kl. 12.00" in got.mail["Subject"]


def test_the_month_goes_its_way_and_an_accepted_return_is_left_in_peace(hem: Hem, server: SmtpServer) -> None:
    run(hem, server.port, local(TEMPLATES_OUT))
    done = sorted(hem.path.glob("retur-*.xlsx"))
    for path in done:
        path.rename(Path(hem.inkorg) / path.name)
    with open_workplace(hem) as workplace:
        collect(workplace, APRIL, local("2026-05-08"))
        check_returns(workplace, APRIL, local("2026-05-08"))
        accepted = {record.forvaltning for record in workplace.store.current_returns("lingonby", "2026-04")} - {""}
    assert len(done) == len(accepted) == 3
    (lazy,) = set(offices(hem)) - {f"{kod.lower()}@example.org" for kod in accepted if kod}
    before = len(server.received)
    for day in (DUE_EVE, LATE, ESCALATED, ESCALATED):
        run(hem, server.port, local(day))
    later = [(got.recipients[0], got.mail["Subject"].partition(":")[0]) for got in server.received[before:]]
    assert later == [(lazy, "Påminnelse"), (lazy, "Försenad"), ("chef@example.org", "Retur saknas")]
    assert run(hem, server.port, local("2026-06-08")).kinds == ()


def test_a_run_that_missed_its_day_sends_the_next_working_day_and_none_on_a_red_one(
    hem: Hem, server: SmtpServer
) -> None:
    assert run(hem, server.port, local("2026-05-09")).utfall == ()
    assert run(hem, server.port, local("2026-05-14")).utfall == ()
    run(hem, server.port, local(ESCALATED))
    subjects = [got.mail["Subject"].partition(":")[0] for got in server.received]
    assert (subjects.count("Försenad"), subjects.count("Retur saknas")) == (4, 4)


def test_a_dry_run_and_a_home_without_a_mail_server_send_and_plan_nothing(hem: Hem, server: SmtpServer) -> None:
    dry = run(hem, server.port, local(TEMPLATES_OUT), dry=True)
    assert [one.status for one in dry.utfall] == [None] * 4
    assert sum("skulle skickas" in line for line in as_lines(dry)) == 4
    without = run(hem, None, local(TEMPLATES_OUT))
    assert as_lines(without)[-1] == "Inget har skickats: ingen e-postserver är angiven (epost i installningar.yaml)."
    assert (server.received, states(hem)) == ([], {})
    run(hem, server.port, local(TEMPLATES_OUT))
    assert all("redan skickat" in line for line in as_lines(run(hem, server.port, local(TEMPLATES_OUT), dry=True))[1:])


def test_a_refused_mail_is_tried_again_and_the_others_are_not(hem: Hem, server: SmtpServer) -> None:
    code = offices(hem)[0].partition("@")[0].upper()
    first = run(hem, server.port, local(TEMPLATES_OUT), **{code: "nej@example.org"})
    assert [one.notis.mottagare for one in first.failed] == ["nej@example.org"]
    assert first.failed[0].fel.startswith("E930")
    assert len(server.received) == 3
    assert states(hem)["nej@example.org"] is UtskickStatus.PLANERAD
    run(hem, server.port, local(TEMPLATES_OUT, "12:00"), **{code: "nej@example.org"})
    assert len(server.received) == 3


def test_a_server_that_is_down_leaves_all_for_the_next_run(hem: Hem, server: SmtpServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(MailFel, match="E930"):
        run(hem, port, local(TEMPLATES_OUT))
    assert set(states(hem).values()) == {UtskickStatus.PLANERAD}
    run(hem, server.port, local(TEMPLATES_OUT, "12:00"))
    assert arrived(server) == offices(hem)


def test_a_mail_in_doubt_is_never_sent_again_until_a_person_says_so(hem: Hem, server: SmtpServer) -> None:
    code = offices(hem)[0].partition("@")[0].upper()
    silent = {code: "tyst@example.org"}
    first = run(hem, server.port, local(TEMPLATES_OUT), **silent)
    assert "tyst@example.org" in [one.notis.mottagare for one in first.failed]
    for hour in ("09:00", "12:00", "16:00"):
        again = run(hem, server.port, local(TEMPLATES_OUT, hour), **silent)
    assert [one.notis.mottagare for one in again.failed] == ["tyst@example.org"]
    assert arrived(server).count("tyst@example.org") == 1
    assert states(hem)["tyst@example.org"] is UtskickStatus.OSAKER
    with open_workplace(hem) as workplace:
        assert workplace.store.resend_doubtful("lingonby", "2026-04", tid=local(TEMPLATES_OUT, "17:00")) == 1
    run(hem, server.port, local(TEMPLATES_OUT, "17:00"), **silent)
    assert arrived(server).count("tyst@example.org") == 2


SENDER = """
import sys
from pathlib import Path
from flows.home import open_home
from tests.flows.test_remind import TEMPLATES_OUT, local, run
code = sys.argv[3]
run(open_home(Path(sys.argv[1])), int(sys.argv[2]), local(TEMPLATES_OUT), **{code: "hang@example.org"})
"""


def test_a_process_killed_while_it_sends_leaves_its_mail_in_doubt_and_sends_no_other_twice(
    hem: Hem, server: SmtpServer
) -> None:
    code = offices(hem)[-1].partition("@")[0].upper()
    words = [sys.executable, "-c", SENDER, str(hem.path), str(server.port), code]
    with subprocess.Popen(words, cwd=CHECKOUT, env={**os.environ, "PYTHONPATH": str(CHECKOUT)}) as sending:
        give_up = time.monotonic() + 60
        while "hang@example.org" not in arrived(server):
            assert sending.poll() is None
            assert time.monotonic() < give_up
            time.sleep(0.05)
        sending.send_signal(signal.SIGKILL)
    assert states(hem)["hang@example.org"] is UtskickStatus.SANDS
    hanging = {code: "hang@example.org"}
    run(hem, server.port, local(TEMPLATES_OUT) + LEASE / 2, **hanging)
    assert states(hem)["hang@example.org"] is UtskickStatus.SANDS
    after = run(hem, server.port, local(TEMPLATES_OUT) + LEASE * 2, **hanging)
    assert [one.notis.mottagare for one in after.failed] == ["hang@example.org"]
    assert states(hem)["hang@example.org"] is UtskickStatus.OSAKER
    assert len(arrived(server)) == len(set(arrived(server))) == 4


def test_the_board_shows_what_was_sent_and_what_has_come(hem: Hem, server: SmtpServer) -> None:
    run(hem, server.port, local(TEMPLATES_OUT, "07:31"))
    for path in hem.path.glob("retur-*.xlsx"):
        path.rename(Path(hem.inkorg) / path.name)
    with open_workplace(hem) as workplace:
        collect(workplace, APRIL, local("2026-05-08"))
        check_returns(workplace, APRIL, local("2026-05-08"))
        tavla = board_of(workplace, APRIL, local("2026-05-13"))
        publish_board(workplace, APRIL, local("2026-05-13"))
        publish_board(workplace, APRIL.previous, local("2026-05-13"))
        counted = {
            r.forvaltning: workplace.store.findings_for(r.id)
            for r in workplace.store.current_returns("lingonby", "2026-04")
        }
    assert {row.mall_skickad for row in tavla.rader} == {"tis 5 maj kl. 07.31"}
    assert sorted(row.lage.value for row in tavla.rader) == ["forsenad", "godkand", "godkand", "godkand"]
    for row in tavla.rader:
        found = counted.get(row.kod, ())
        assert sum(one.antal for one in row.fynd) == len(found)
        assert not any(finding.severity is Severity.STOPPAR for finding in found)
    index, april, mars = ((hem.tavla / name).read_bytes() for name in ("index.html", "2026-04.html", "2026-03.html"))
    assert index == april != mars
    assert b'href="2026-03.html"' in april
    assert b'href="2026-04.html"' in mars
    assert sorted(path.name for path in hem.tavla.iterdir()) == ["2026-03.html", "2026-04.html", "index.html"]


def test_the_flow_looks_at_the_calendar_and_writes_the_board(hem: Hem, prefect_server: None) -> None:
    from flows.remind_returns import remind_returns

    assert remind_returns(str(hem.path), "2026-04") == 0
    assert (hem.tavla / "index.html").is_file()
    assert states(hem) == {}
