"""``verifiera`` and ``gallra`` on a real closing: untouched it holds, and each kind of change behind the program's back is named."""

import datetime as dt
import sqlite3
from contextlib import closing as closing_of
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.log_head import kept_heads
from adapters.objects import ObjectStore, ObjektFel
from adapters.store import SYSTEM, Aktor, SandningStatus, Store
from data_contracts.behorighet import Behorighet, Konto, Steg
from data_contracts.kommun import Gallringsregel
from flows.rights import BehorighetsFel, demand
from flows.steps.gallring import GallringsFel, due_for_removal, remove
from flows.steps.verify import verify
from flows.workplace import account, open_workplace
from tests.killing import killed
from tests.rights import allow
from transforms.audit_chain import START, Huvud, link_hash
from transforms.ledger.reconciliation import Acceptans
from transforms.statements.acceptance import Godtagande

LATE = dt.datetime(2037, 2, 1, tzinfo=dt.UTC)


@pytest.fixture
def home(a_copy, lingonby_mars):
    """A copy of Lingonby's March that the test may harm."""
    return a_copy(lingonby_mars).hem


def checked(hem, *, sample=None, against=()):
    with open_workplace(hem) as workplace:
        return verify(workplace, period="", sample=sample, against=against)


def codes(hem, **options):
    return [brott.kod for brott in checked(hem, **options).brott]


def execute(hem, *statements):
    """Write in the database as one who goes behind the program's back."""
    with closing_of(sqlite3.connect(hem.databas.removeprefix("sqlite:///"))) as connection, connection:
        for statement in statements:
            connection.execute(*statement if isinstance(statement, tuple) else (statement,))


def test_an_untouched_home_holds_every_figure_to_its_cell(home):
    told = checked(home)
    assert told.brott == ()
    assert told.siffror == told.siffror_finns > 500
    assert told.objekt > 20
    assert told.huvuden >= 1
    assert kept_heads(home.huvudfil)[-1] == told.huvud
    sample = checked(home, sample=10)
    assert (sample.siffror, sample.siffror_finns) == (10, told.siffror_finns)


def test_every_event_of_a_closing_says_which_account_acted(home):
    with open_workplace(home) as workplace:
        links = workplace.store.journal()
        assert {link.anvandare for link in links} == {account()}
        assert {"retur_mottagen", "retur_godkand", "regler_provade", "stangning_klar", "rapport_sparad"} <= {
            link.vad for link in links
        }


def test_a_changed_line_of_the_log_is_the_first_broken_link(home):
    execute(home, "DROP TRIGGER events_no_update", "UPDATE events SET detaljer = '{}' WHERE id = 4")
    found = checked(home, sample=0).brott
    assert (found[0].kod, found[0].text[:37]) == ("E920", "Granskningsloggen är bruten: händelse")
    assert "händelse 4 " in found[0].text
    assert "E925" in [brott.kod for brott in found]


def test_a_log_wholly_written_again_is_found_by_a_head_kept_elsewhere(home):
    """The trigger is dropped, every hash recomputed, the guard put back and the home's own file of heads removed."""
    with open_workplace(home) as workplace:
        links, kept = workplace.store.journal(), workplace.store.log_head()
        guard = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    with closing_of(sqlite3.connect(home.databas.removeprefix("sqlite:///"))) as connection, connection:
        triggers = connection.execute(guard).fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        forra = START
        for link in links:
            link = replace(link, forra=forra, tid=link.tid + dt.timedelta(days=1))
            forra = link_hash(**{name: getattr(link, name) for name in link.__dataclass_fields__ if name != "hash"})
            time = link.tid.isoformat(timespec="microseconds")
            connection.execute(
                "UPDATE events SET tid = ?, forra = ?, hash = ? WHERE id = ?", (time, link.forra, forra, link.nr)
            )
        for _, sql in triggers:
            connection.execute(sql)
    home.huvudfil.unlink()
    assert codes(home, sample=0) == []
    assert codes(home, sample=0, against=(kept,)) == ["E922"]
    assert codes(home, sample=0, against=(Huvud(kept.nr + 5, "a" * 64),)) == ["E922"]


def test_the_newest_events_taken_away_are_found_by_the_homes_own_file_of_heads(home):
    execute(home, "DROP TRIGGER events_no_delete", "DELETE FROM events WHERE id > 5")
    found = codes(home, sample=0)
    assert "E922" in found
    assert "E920" not in found


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE reports SET filhash = 'x' WHERE id = 1", "filhash"),
        ("UPDATE returer SET status = 'stoppad' WHERE id = (SELECT MAX(id) FROM returer)", "läget stoppad"),
        ("DELETE FROM findings WHERE retur_id = (SELECT MAX(retur_id) FROM findings)", "Fynden i returen"),
        ("UPDATE figures SET varde = varde + 1 WHERE ordning = 7", "Siffrorna i stängning"),
        (
            "INSERT INTO returer (kommun, kedja, kontrakt_id, version, fil, sha256, storlek, mottagen, status) "
            "SELECT kommun, 'x', '', 1, 'x', sha256, 1, mottagen, status FROM returer WHERE id = 1",
            "aldrig skrivits",
        ),
    ],
)
def test_a_row_changed_by_hand_differs_from_what_the_log_told(home, statement, said):
    execute(home, statement)
    found = checked(home, sample=0).brott
    assert [brott.kod for brott in found] == ["E923"]
    assert said in found[0].text


@pytest.fixture
def accepted(home):
    """The home where someone has accepted a gap and a difference and chosen a version."""
    allow(home, "Controller", Steg.GODTA, Steg.VALJ_VERSION)
    with open_workplace(home) as workplace:
        roll, store = demand(workplace, Steg.GODTA, LATE).roll, workplace.store
        store.accept("lingonby", "2026-03", Godtagande("krav:r15-2", "Inga bolag", roll, LATE.isoformat()))
        store.accept_difference("lingonby", "2026-03", Acceptans("internt", 1200, roll, "Periodiseras", ""), tid=LATE)
        chosen = store.all_returns("lingonby")[0].id
        store.choose_version(chosen, skal="Den andra är ett utkast", roll=roll, konto=account(), tid=LATE)
    return home


def test_acceptances_as_the_log_tells_them_are_no_breach(accepted):
    assert codes(accepted, sample=0) == []


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE godtaganden SET skal = 'Annat'", "Godtagandet godtaget 2026-03 krav:r15-2 är inte det som händelse"),
        ("UPDATE godtaganden SET roll = 'Kommunchef'", "roll Controller"),
        ("DELETE FROM godtaganden", "finns inte längre i databasen"),
        (
            "INSERT INTO godtaganden VALUES ('lingonby', '2026-03', 'krav:annat', 'x', 'x', '2026-04-01T00:00:00+00:00')",
            "Godtagandet godtaget 2026-03 krav:annat finns i databasen men har aldrig skrivits",
        ),
        ("UPDATE acceptanser SET skal = 'Annat'", "differens_accepterad 2026-03 internt 1200 är inte"),
        ("DELETE FROM acceptanser", "differens_accepterad 2026-03 internt 1200 finns inte längre"),
        ("UPDATE versionsval SET skal = 'Annat'", "version_vald 1 är inte"),
        ("DELETE FROM versionsval", "version_vald 1 finns inte längre"),
    ],
)
def test_an_acceptance_changed_behind_the_programs_back_is_named(accepted, statement, said):
    execute(accepted, statement)
    (found,) = checked(accepted, sample=0).brott
    assert found.kod == "E923"
    assert said in found.text


def test_an_acceptance_by_a_role_without_the_right_is_named(accepted):
    allow(accepted, "Controller", Steg.GRANSKA)
    with open_workplace(accepted) as workplace:
        roll = demand(workplace, Steg.GRANSKA, LATE).roll
        workplace.store.accept("lingonby", "2026-03", Godtagande("fynd:E341", "Strunt i det", roll, LATE.isoformat()))
    (found,) = checked(accepted, sample=0).brott
    assert found.kod == "E939"
    assert "(godtaget, " in found.text
    assert "rollen fick inte ta steget" in found.text


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE sandningar SET status = 'planerad'", "säger levererad om sandning 1, men databasen säger planerad"),
        ("UPDATE sandningar SET mottagare = 'annan@example.org'", "har en annan mottagare eller rapport"),
        ("DELETE FROM sandningar", "gäller en rad som inte längre finns"),
        ("UPDATE utskick SET status = 'planerad'", "säger osaker om utskick 1, men databasen säger planerad"),
    ],
)
def test_a_delivery_that_would_go_out_twice_is_named(home, statement, said):
    with open_workplace(home) as workplace:
        store, report = workplace.store, workplace.store.reports_for("lingonby", "2026-03")[0]
        about = {name: getattr(report, name) for name in ("period", "rapport_id", "version", "innehallshash")}
        to = {"kommun": "lingonby", "mottagare": "namnd@example.org", "roll": "Nämnd", "tid": LATE}
        sent = store.plan_sending(**about, **to, kanal="epost")
        store.take_sending(sent.id, tid=LATE)
        store.end_sending(sent.id, SandningStatus.LEVERERAD, tid=LATE)
        mail = store.plan_dispatch(**to, period="2026-03", forvaltning="KF", slag="mall")
        store.take_dispatch(mail.id, tid=LATE)
        store.doubt_dispatch(mail.id, "avbrutet", tid=LATE)
    assert codes(home, sample=0) == []
    execute(home, statement)
    (found,) = checked(home, sample=0).brott
    assert found.kod == "E923"
    assert said in found.text


def test_a_figure_changed_by_hand_does_not_follow_from_its_parts_or_cell(home):
    execute(home, "UPDATE figures SET varde = varde + 100 WHERE figure_id = '2026-03/KS/drift/personal/prognos'")
    told = {brott.text.partition(": ")[0] for brott in checked(home).brott if brott.kod == "E924"}
    assert any(figure_id.endswith("/resultat/prognos") for figure_id in told) or told


def test_a_stored_file_changed_or_removed_is_named(home):
    with open_workplace(home) as workplace:
        changed, gone = workplace.store.reports_for("lingonby", "2026-03")[:2]
        for report, harm in ((changed, lambda path: path.write_bytes(b"annat")), (gone, Path.unlink)):
            path = Path(home.objekt) / report.pdf_sha256[:2] / report.pdf_sha256[2:]
            path.chmod(0o644)
            harm(path)
    told = checked(home, sample=0).brott
    assert sorted(brott.kod for brott in told) == ["E901", "E902"]
    assert all("rapporten manadsrapport-2026-03" in brott.text for brott in told)


def test_a_stored_answer_of_kolada_is_read_again_too(home):
    with open_workplace(home) as workplace:
        sha256 = workplace.store.kolada_values("lingonby")[0].sha256
    path = Path(home.objekt) / sha256[:2] / sha256[2:]
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(b"0", b"1", 1))
    (told,) = checked(home, sample=0).brott
    assert (told.kod, told.text[:15]) == ("E902", "Koladas svar om")


# --- gallring -----------------------------------------------------------------------------------------------------------------


def with_plan(workplace, years=10):
    rule = Gallringsregel(ar=years, referens="Informationshanteringsplanen 4.2")
    return replace(workplace, kommun=workplace.kommun.model_copy(update={"gallring": (rule,)}))


def test_what_is_removed_by_the_plan_is_gallrat_and_not_broken(home):
    with open_workplace(home) as opened:
        workplace = with_plan(opened)
        assert due_for_removal(workplace, dt.datetime(2036, 12, 31, tzinfo=dt.UTC)) == ()
        due = due_for_removal(workplace, LATE)
        returns = [retur.sha256 for retur in workplace.store.all_returns("lingonby")]
        assert {item.sha256 for item in due} > set(returns)
        remove(workplace, due, "KS 2037-01-15 § 12", LATE)
        assert due_for_removal(workplace, LATE) == ()
        with pytest.raises(ObjektFel, match="E927"):
            workplace.objects.get(returns[0])
        event = workplace.store.journal("gallrad")[0]
        assert (event.detaljer["beslut"], event.detaljer["referens"]) == (
            "KS 2037-01-15 § 12",
            "Informationshanteringsplanen 4.2",
        )
    told = checked(home)
    assert (told.brott, told.gallrade) == ((), len(due))
    assert not list((home.path / "kvittenser").glob("*/kvittens-*"))


def test_a_removal_that_was_cut_off_is_finished_by_the_next_run(home):
    """The process ended after the log was written and before the bytes went."""
    with open_workplace(home) as opened:
        workplace = with_plan(opened)
        due = due_for_removal(workplace, LATE)
        first = due[0]
        details = {"sha256": first.sha256, "vad": first.vad, "beslut": "KS 2037-01-15 § 12", "referens": "plan"}
        workplace.store.record_event(LATE, "gallrad", details)
    assert codes(home, sample=0) == ["E923"]
    with open_workplace(home) as opened:
        workplace = with_plan(opened)
        remove(workplace, due_for_removal(workplace, LATE), "KS 2037-01-16 § 13", LATE)
        assert len(workplace.store.journal("gallrad")) == len(due)
    assert codes(home) == []


@pytest.mark.parametrize(("owner", "name"), [(Store, "record_event"), (ObjectStore, "bury")])
def test_killed_while_it_removes_the_next_run_finishes_and_each_removal_is_told_once(home, owner, name):
    def gallra():
        with open_workplace(home) as opened:
            workplace = with_plan(opened)
            remove(workplace, due_for_removal(workplace, LATE), "KS 2037-01-15 § 12", LATE)

    assert killed(owner, name, "after", 2, gallra)
    gallra()
    with open_workplace(home) as opened:
        assert due_for_removal(with_plan(opened), LATE) == ()
        buried = [link.detaljer["sha256"] for link in opened.store.journal("gallrad")]
    assert len(buried) == len(set(buried)) > 2
    told = checked(home, sample=10)
    assert (told.brott, told.gallrade) == ((), len(buried))


def test_a_tombstone_that_the_log_does_not_know_is_a_breach(home):
    with open_workplace(home) as workplace:
        sha256 = workplace.store.all_returns("lingonby")[0].sha256
        workplace.objects.bury(sha256, b"{}")
    assert "E927" in codes(home, sample=0)


def test_a_decision_without_its_paragraph_removes_nothing(home):
    with open_workplace(home) as opened:
        workplace = with_plan(opened)
        with pytest.raises(GallringsFel, match="E926"):
            remove(workplace, due_for_removal(workplace, LATE), "enligt plan", LATE)
        assert workplace.store.journal("gallrad") == ()


# --- rights -------------------------------------------------------------------------------------------------------------------


def test_only_an_account_whose_role_may_takes_a_step(home):
    may = Konto(anvandare="bo", roll="Arkivarie", far=(Steg.GALLRA,), namnder=("KS",))
    rules = Behorighet(referens="KS 2026-01-10 § 3", konton=(may,))
    with open_workplace(home) as opened:
        for name, steg, kod, said in (
            ("anna", Steg.GALLRA, None, "ingen roll"),
            ("bo", Steg.FASTSTALLA, None, "Arkivarie"),
            ("bo", Steg.GALLRA, "", "hela kommunen"),
        ):
            with pytest.raises(BehorighetsFel, match=f"E933 .*{said}"):
                demand(replace(opened, behorighet=rules, aktor=Aktor(name)), steg, LATE, kod)
        assert demand(replace(opened, behorighet=rules, aktor=Aktor("bo")), Steg.GALLRA, LATE, "KS") == may


def test_the_account_is_the_operating_systems_whatever_the_environment_says(home, monkeypatch):
    monkeypatch.setenv("LOGNAME", "ekonomichef")
    monkeypatch.setenv("USER", "ekonomichef")
    assert account() != "ekonomichef"
    home.behorighet_yaml.write_text(
        f"referens: KS 2026-01-10 § 3\nkonton:\n  - {{anvandare: {account()}, roll: Controller, far: [granska]}}\n"
    )
    with open_workplace(home) as workplace:
        assert workplace.aktor == Aktor(account(), "Controller")
        assert workplace.store.record_event(LATE, "x", {}).roll == "Controller"
    with Store(home.databas) as store:
        assert store.record_event(LATE, "x", {}).anvandare == SYSTEM.anvandare
