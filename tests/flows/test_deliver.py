"""Settled reports going out by real mail and to folders; refused, lost, killed, sent again: never two, never in silence."""

import datetime as dt
import hashlib
import io
import json
import re
import zipfile
from collections import Counter
from dataclasses import replace

import pikepdf
import pytest

import adapters.mail
import flows.workplace
from adapters.audit_package.verify.basics import canonical
from adapters.mail import Connection, MailFel, Mailserver
from adapters.publication import Publication
from adapters.signing import make_key
from adapters.store import SandningStatus, Store
from adapters.zip_package import packed
from data_contracts.behorighet import Steg
from data_contracts.kommun import Mottagare
from data_contracts.vagar import Hemlighet, Objektlager
from flows.steps.approve import KEY_VARIABLE, open_period, report_of, review, settle, standing, view_of
from flows.steps.audit_package import build_package
from flows.steps.deliver import DIARIUM, EPOST, distribute, set_embargo
from flows.steps.dispatch import LEASE
from flows.steps.edition import make_edition
from flows.steps.publication import PUBLICERING, publish
from flows.steps.verify import verify
from flows.workplace import open_workplace
from tests.flows.test_approve import AFTER, BEFORE, newer_version
from tests.flows.test_audit_package import lay_out, replaced, unpacked, verified
from tests.flows.test_faults import assert_told_of_a_full_disk, full_from
from tests.killing import killed
from tests.small_disk import on_small_disk
from tests.smtp_server import smtp_server
from tests.verapdf import broken_rules
from tests.way_servers import KEY_ID, SECRET_KEY
from transforms.approval import Tillstand

PERIOD = "2026-03"
NOW = dt.datetime(2026, 4, 21, 8, 0, tzinfo=dt.UTC)
ADDRESS = "https://rapporter.exempel.invalid"
GOOD, OTHER = "ordforande@exempel.invalid", "sekreterare@exempel.invalid"
REFUSING, FULL, SILENT = "nej@exempel.invalid", "full@exempel.invalid", "tyst@exempel.invalid"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with smtp_server(tmp_path_factory.mktemp("post")) as running:
        yield running


@pytest.fixture(scope="module")
def settled(lingonby_mars, tmp_path_factory):
    """A home where the report of KS is settled and its edition made; to be copied."""
    from tests.closings import copy_home

    folder = tmp_path_factory.mktemp("faststalld")
    hem = copy_home(lingonby_mars.hem, folder / "hem")
    lines = ["referens: Delegationsordningen 4.7", "konton:"]
    every = ", ".join(Steg)
    for name in ("anna", "bo"):
        key = make_key(folder / f"{name}.pem")
        lines.append(f'  - {{anvandare: {name}, roll: Ekonom {name}, far: [{every}], nyckel: "{key}"}}')
    hem.behorighet_yaml.write_text("\n".join(lines), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        for name, step in (
            ("anna", lambda w, r: review(w, r, r.innehallshash, NOW)),
            ("bo", lambda w, r: settle(w, r, NOW)),
        ):
            patch.setattr(flows.workplace, "account", lambda name=name: name)
            patch.setenv(KEY_VARIABLE, str(folder / f"{name}.pem"))
            with open_workplace(hem) as workplace:
                step(workplace, report_of(workplace, PERIOD, "KS"))
        with open_workplace(replace(hem, publik_adress=ADDRESS, diarium="diarium")) as workplace:
            make_edition(workplace, report_of(workplace, PERIOD, "KS"), NOW)
    return hem


@pytest.fixture
def office(settled, server, tmp_path, monkeypatch):
    """A copy of that home with the given recipients of KS, and somewhere to send."""
    from tests.closings import copy_home

    hem = copy_home(settled, tmp_path / "hem")
    monkeypatch.setattr(flows.workplace, "account", lambda: "bo")
    monkeypatch.setenv(KEY_VARIABLE, str(settled.path.parent / "bo.pem"))
    return Office(hem, server, tmp_path)


class Office:
    """Opens the home again and again, as runs of the program do."""

    def __init__(self, hem, server, folder):
        self.hem = replace(
            hem,
            epost=Mailserver("127.0.0.1", server.port, starttls=False, avsandare="ekonomi@kommunen.example"),
            publik_adress=ADDRESS,
            diarium=str(folder / "diarium"),
        )
        self.folder, self.server, self.before = folder, server, len(server.received)
        self.addresses = (GOOD, OTHER)

    def run(self, minutes=0, *, dry=False, **changed):
        hem = replace(self.hem, **changed)
        with open_workplace(hem) as opened:
            return distribute(
                self.with_recipients(opened), PERIOD, lambda: NOW + dt.timedelta(minutes=minutes), dry=dry, kod="KS"
            )

    def with_recipients(self, workplace):
        named = tuple(Mottagare(roll="Ledamot", adress=address) for address in self.addresses)
        namnder = tuple(
            namnd.model_copy(update={"mottagare": named}) if namnd.kod == "KS" else namnd
            for namnd in workplace.kommun.namnder
        )
        return replace(workplace, kommun=workplace.kommun.model_copy(update={"namnder": namnder}))

    def publish(self):
        """From now on there is a publication folder too."""
        self.hem = replace(self.hem, publicering=str(self.folder / "publikt"))

    @property
    def mails(self):
        return self.server.received[self.before :]

    def statuses(self):
        with Store(self.hem.databas) as store:
            return {one.mottagare: one.status for one in store.sendings_for("lingonby", PERIOD)}

    def resend(self, address, minutes):
        with Store(self.hem.databas) as store:
            (one,) = (one for one in store.sendings_for("lingonby", PERIOD) if one.mottagare == address)
            store.resend_sending(one.id, "Brevet kom inte fram", tid=NOW + dt.timedelta(minutes=minutes))


def test_a_settled_report_goes_to_each_recipient_once_by_every_channel(office):
    office.publish()
    first = office.run()
    assert {(one.till.kanal, one.status) for one in first.sandningar} == {
        (EPOST, SandningStatus.LEVERERAD),
        (PUBLICERING, SandningStatus.LEVERERAD),
        (DIARIUM, SandningStatus.LEVERERAD),
    }
    again = office.run(5)
    assert [one.is_new for one in again.sandningar] == [False] * 4
    assert Counter(mail.recipients for mail in office.mails) == {(GOOD,): 1, (OTHER,): 1}
    with open_workplace(office.hem) as workplace:
        report = report_of(workplace, PERIOD, "KS")
        assert standing(workplace, report).tillstand is Tillstand.DISTRIBUERAD
        assert len(workplace.store.journal("rapport_distribuerad")) == 1
        assert verify(workplace, period="", sample=0, against=()).brott == ()


def test_the_mail_can_be_read_by_anyone_and_carries_the_report_and_the_logs_head(office):
    office.run()
    mail = office.mails[0].mail
    text, page = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    with open_workplace(office.hem) as workplace:
        report = report_of(workplace, PERIOD, "KS")
        edition = make_edition(workplace, report, NOW)
        pdf = workplace.objects.get(edition.filer[f"{report.rapport_id}.pdf"])
        heads = {f"{link.nr}:{link.hash}" for link in workplace.store.journal("sandning_sands")}
    (attached,) = mail.iter_attachments()
    assert (attached.get_content_type(), attached.get_content()) == ("application/pdf", pdf)
    assert 'lang="sv"' in page
    assert page.count("<h1") == 1
    for said in (text, page):
        assert report.innehallshash in said
        assert any(head in said for head in heads)
        assert f"https://rapporter.exempel.invalid/{PERIOD}/{report.rapport_id}.html" in said
        assert "Kommunstyrelsen" in said


def test_a_pdf_over_the_limit_is_linked_instead(office):
    office.run(bilaga_max_mb=0)
    assert all(not list(got.mail.iter_attachments()) for got in office.mails)
    assert all("läses på adressen" in got.mail.get_body(("plain",)).get_content() for got in office.mails)


def test_a_dry_run_shows_everything_and_sends_nothing(office):
    office.publish()
    told = office.run(dry=True)
    assert [(one.till.kanal, one.status) for one in told.sandningar] == [
        (EPOST, None),
        (EPOST, None),
        (PUBLICERING, None),
        (DIARIUM, None),
    ]
    by_mail = [line for one in told.sandningar for line in one.innehall]
    assert sum(line.startswith("Ämne: Kommunstyrelsen: månadsrapport") for line in by_mail) == 2
    assert sum(line.startswith("Bifogas: manadsrapport-2026-03-ks.pdf") for line in by_mail) == 2
    assert (office.mails, office.statuses()) == ([], {})
    assert not (office.folder / "publikt").exists()


def test_what_is_under_embargo_or_not_settled_waits(office):
    office.publish()
    with open_workplace(office.hem) as workplace:
        set_embargo(workplace, report_of(workplace, PERIOD, "KS"), NOW + dt.timedelta(hours=1), NOW)
        told = distribute(workplace, PERIOD, lambda: NOW, dry=True)
    assert told.sandningar == ()
    assert sum("embargo till" in line for line in told.vantar) == 1
    assert sum("inte förrän den är fastställd" in line for line in told.vantar) == 3
    assert office.run().sandningar == ()
    assert len(office.run(61).sandningar) == 4


def test_a_refusal_and_a_lost_answer_are_ends_of_their_own_and_stop_nobody_else(office):
    office.addresses = (REFUSING, FULL, SILENT, GOOD)
    told = office.run()
    assert len(told.failed) >= 3
    office.run(30)
    states = office.statuses()
    assert (states[REFUSING], states[FULL], states[SILENT]) == (
        SandningStatus.NEKAD,
        SandningStatus.NEKAD,
        SandningStatus.OSAKER,
    )
    assert states[GOOD] is SandningStatus.LEVERERAD
    counted = Counter(mail.recipients[0] for mail in office.mails)
    assert (counted[GOOD], counted[SILENT], counted[REFUSING], counted[FULL]) == (1, 1, 0, 0)


LATER, HALF, HANGING = "sen@exempel.invalid", "halv@exempel.invalid", "hang@exempel.invalid"


def test_a_half_sent_mail_and_a_timeout_are_in_doubt_and_a_not_now_is_tried_again(office, monkeypatch):
    monkeypatch.setattr(adapters.mail, "TIMEOUT_S", 2)
    for place, address in enumerate((LATER, HALF, HANGING)):
        office.addresses = (address, GOOD)
        told = office.run(place)
        assert next(one.till.mottagare for one in told.failed if one.is_new) == address
    office.addresses = (LATER, HALF, HANGING, GOOD)
    told = office.run(5)
    states = office.statuses()
    assert (states[HALF], states[HANGING]) == (SandningStatus.OSAKER, SandningStatus.OSAKER)
    assert states[LATER] is SandningStatus.PLANERAD
    assert {one.till.mottagare for one in told.failed} == {LATER, HALF, HANGING}
    counted = Counter(got.recipients[0] for got in office.mails)
    assert (counted[GOOD], counted[HALF], counted[HANGING], counted[LATER]) == (1, 0, 1, 0)
    with open_workplace(office.hem) as workplace:
        assert standing(workplace, report_of(workplace, PERIOD, "KS")).tillstand is Tillstand.FASTSTALLD


def test_a_server_that_is_gone_sends_nothing_and_the_next_run_does(office):
    gone = replace(office.hem.epost, port=1)
    with pytest.raises(MailFel, match="E930"):
        office.run(epost=gone)
    assert office.statuses()[GOOD] is SandningStatus.PLANERAD
    office.run(1)
    assert Counter(mail.recipients for mail in office.mails) == {(GOOD,): 1, (OTHER,): 1}


def test_sent_again_only_by_a_persons_word_with_the_same_message_id(office):
    office.run()
    office.resend(GOOD, 5)
    office.run(6)
    same = [mail.mail["Message-ID"] for mail in office.mails if mail.recipients == (GOOD,)]
    assert len(same) == 2
    assert len(set(same)) == 1
    with open_workplace(office.hem) as workplace:
        again = [link for link in workplace.store.journal("sandning_planerad") if "skal" in link.detaljer]
        assert [link.detaljer["skal"] for link in again] == ["Brevet kom inte fram"]


# --- killed at every point ----------------------------------------------------------------------------------------------------

POINTS = {
    "before_planning": (Store, "plan_sending", "before"),
    "after_planning": (Store, "plan_sending", "after"),
    "before_taking": (Store, "take_sending", "before"),
    "after_taking": (Store, "take_sending", "after"),
    "before_sending": (Connection, "send", "before"),
    "after_sending": (Connection, "send", "after"),
    "before_ending": (Store, "end_sending", "before"),
    "after_ending": (Store, "end_sending", "after"),
}


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.parametrize("point", POINTS)
def test_killed_at_any_point_nobody_gets_two_and_none_in_silence(office, point, turn):
    assert killed(*POINTS[point], turn, office.run)
    told = office.run(LEASE.seconds // 60 + 1)
    office.run(LEASE.seconds // 60 + 2)
    states, counted = office.statuses(), Counter(mail.recipients[0] for mail in office.mails)
    assert set(states) == {GOOD, OTHER, "diariet"}
    for address in (GOOD, OTHER):
        assert counted[address] <= 1
        assert states[address] in (SandningStatus.LEVERERAD, SandningStatus.OSAKER)
        if states[address] is SandningStatus.LEVERERAD:
            assert counted[address] == 1
    doubtful = [address for address in (GOOD, OTHER) if states[address] is SandningStatus.OSAKER]
    assert {one.till.mottagare for one in told.failed} == set(doubtful)
    in_between = POINTS[point][0] is Connection
    assert len(doubtful) == (1 if in_between else 0) or point in ("after_taking", "before_ending")
    assert states["diariet"] is SandningStatus.LEVERERAD
    with open_workplace(office.hem) as workplace:
        assert verify(workplace, period="", sample=0, against=()).brott == ()


def test_a_disk_that_is_full_when_a_mail_has_left_leaves_it_in_doubt_and_nobody_gets_two(office, tmp_path, capsys):
    """The server has taken the mail, and there is no room to write that it did."""
    lease = LEASE.seconds // 60

    def scenario(disk):
        from tests.closings import copy_home

        there = Office(copy_home(office.hem, disk.path / "hem"), office.server, tmp_path)
        with pytest.MonkeyPatch.context() as patch:
            full_from(disk, patch, Connection, "send")
            assert_told_of_a_full_disk(there.run, capsys)
        disk.free()
        there.run(lease + 1)
        there.run(lease + 2)
        states = [SandningStatus.OSAKER, SandningStatus.LEVERERAD, SandningStatus.LEVERERAD]
        assert [there.statuses()[one] for one in (GOOD, OTHER, "diariet")] == states
        with open_workplace(there.hem) as workplace:
            assert verify(workplace, period="", sample=0, against=()).brott == ()

    on_small_disk(tmp_path / "disk", 300, scenario)
    assert sorted(mail.recipients for mail in office.mails) == sorted([(GOOD,), (OTHER,)])


@pytest.mark.parametrize("turn", [1, 9])
def test_killed_while_it_publishes_all_is_laid_out_again_and_mailed_once(office, turn):
    office.publish()
    assert killed(Publication, "lay", "before", turn, office.run)
    office.run(LEASE.seconds // 60 + 1)
    assert set(office.statuses().values()) == {SandningStatus.LEVERERAD}
    assert Counter(got.recipients for got in office.mails) == {(GOOD,): 1, (OTHER,): 1}
    folder = office.folder / "publikt"
    assert not [path for path in folder.rglob("*") if path.name.endswith(".tmp")]
    assert json.loads((folder / "index.json").read_bytes())[0]["version"] == 1


# --- corrections --------------------------------------------------------------------------------------------------------------


def test_a_changed_report_goes_out_as_rattad_with_old_and_new_to_everyone_who_got_the_first(
    office, settled, monkeypatch
):
    office.publish()
    office.run()
    office.addresses = (OTHER, "ny@exempel.invalid")
    keys = settled.path.parent
    with open_workplace(office.hem) as workplace:
        open_period(workplace, PERIOD, "Rättad retur", NOW)
        newer = newer_version(workplace, report_of(workplace, PERIOD, "KS"))
    assert office.run(1).sandningar == ()
    for name, step in (
        ("anna", lambda w: review(w, newer, newer.innehallshash, NOW)),
        ("bo", lambda w: settle(w, newer, NOW)),
    ):
        monkeypatch.setattr(flows.workplace, "account", lambda name=name: name)
        monkeypatch.setenv(KEY_VARIABLE, str(keys / f"{name}.pem"))
        with open_workplace(office.hem) as workplace:
            step(workplace)
    before = len(office.mails)
    office.run(2)
    got = {mail.recipients[0]: mail.mail for mail in office.mails[before:]}
    assert set(got) == {GOOD, OTHER, "ny@exempel.invalid"}
    for address in (GOOD, OTHER):
        text = got[address].get_body(("plain",)).get_content()
        assert got[address]["Subject"].startswith("Rättad: ")
        assert "Version 2 ersätter den" in text
        assert "Nytt: Driftens prognos" in text
        assert re.search(rf"- .*: {re.escape(BEFORE)} → {re.escape(AFTER)} \(2026-03/", text)
    assert not got["ny@exempel.invalid"]["Subject"].startswith("Rättad")
    with open_workplace(office.hem) as workplace:
        assert standing(workplace, newer).tillstand is Tillstand.RATTAD
    index = json.loads((office.folder / "publikt" / "index.json").read_bytes())
    assert [(entry["version"], entry["tillstand"]) for entry in index] == [(2, "rättad")]
    assert (office.folder / "publikt" / PERIOD / "v1").is_dir()


# --- what lies in the folders -------------------------------------------------------------------------------------------------


def test_the_diarium_gets_pdf_a_2a_with_the_xlsx_beside_it_metadata_and_checksums(office, tmp_path):
    office.run()
    (path,) = (office.folder / "diarium" / PERIOD).iterdir()
    with zipfile.ZipFile(path) as package:
        contents = {name: package.read(name) for name in package.namelist()}
    sums = dict(reversed(line.split("  ")) for line in contents.pop("sha256sums.txt").decode().splitlines())
    assert sums == {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    stem = path.stem.removesuffix("-v1")
    assert set(contents) == {f"{stem}.pdf", f"{stem}.xlsx", f"tjansteskrivelse-{stem}.docx", "metadata.json"}
    metadata = json.loads(contents["metadata.json"])
    assert (metadata["period"], metadata["version"], metadata["tillstand"]) == (PERIOD, 1, "fastställd")
    assert len(metadata["signaturer"]) == 2
    pdf = tmp_path / "arkiv.pdf"
    pdf.write_bytes(contents[f"{stem}.pdf"])
    assert broken_rules(pdf, "2a") == {}
    with pikepdf.open(io.BytesIO(contents[f"{stem}.pdf"])) as opened:
        assert len(opened.attachments) == 0


def test_the_settled_edition_is_accessible_and_archivable_as_the_draft_is(office, tmp_path):
    with open_workplace(office.hem) as workplace:
        report = report_of(workplace, PERIOD, "KS")
        edition = make_edition(workplace, report, NOW)
        pdf = tmp_path / "faststalld.pdf"
        pdf.write_bytes(workplace.objects.get(edition.filer[f"{report.rapport_id}.pdf"]))
    assert broken_rules(pdf, "ua1") == {}
    assert broken_rules(pdf, "3a") == {}


def bent_log(bend):
    """The package with every event of its log bent, and the chain made anew after it."""

    def bent(files):
        links, forra = json.loads(files["data/logg.json"]), "0" * 64
        for link in links:
            bend(link)
            link["forra"] = forra
            content = {key: value for key, value in link.items() if key != "hash"}
            link["hash"] = forra = hashlib.sha256(canonical(content).encode()).hexdigest()
        manifest = json.loads(files["manifest.json"])
        manifest["logghuvud"] = f"{len(links)}:{forra}"
        log = json.dumps(links).encode()
        manifest["filer"]["data/logg.json"] = hashlib.sha256(log).hexdigest()
        return packed({**files, "data/logg.json": log, "manifest.json": json.dumps(manifest).encode()})

    return bent


def bent_event(name, before, after):
    """One text of the events of a kind is another."""

    def bend(link):
        if link["vad"] == name:
            link["detaljer"] = json.loads(json.dumps(link["detaljer"]).replace(before, after))

    return bent_log(bend)


def bent_account(name, account):
    """The events of a kind are said to be another account's."""

    def bend(link):
        if link["vad"] == name:
            link["anvandare"] = account

    return bent_log(bend)


def test_the_package_of_a_settled_month_holds_with_its_signatures_and_editions_by_python_alone(office, tmp_path):
    with open_workplace(office.hem) as workplace:
        report = report_of(workplace, PERIOD, "KS")
        content = build_package(workplace, workplace.store.last_closing("lingonby", PERIOD)).innehall
    files = unpacked(content)
    (letter,) = (name for name in files if name.startswith("utgavor/") and name.endswith(".docx"))
    page = files["index.html"].decode()
    assert letter in page
    assert "version 1, fastställd" in page
    lay_out(tmp_path, content)
    code, told = verified(tmp_path, "paket.zip")
    assert code == 0, told
    assert "2 signaturer gäller vad de säger" in told
    signed = report.innehallshash
    changes = {
        "är inte filen som händelse": replaced(files, letter, files[letter] + b"!", honest=False),
        "saknas, men händelse": packed({name: each for name, each in files.items() if name != letter}),
        "gäller inte det som står där": bent_event("rapport_faststalld", signed, "0" * 64)(files),
        "kontot hade inte den rollen": bent_event("behorighet_galler", "Ekonom bo", "Ekonom cia")(files),
        "samma konto har granskat": bent_account("rapport_granskad", "bo")(files),
        "står inte på något signerat fastställande": bent_event("utgava_gjord", signed, "0" * 64)(files),
    }
    for said, changed in changes.items():
        lay_out(tmp_path, changed)
        code, told = verified(tmp_path, "paket.zip")
        assert (code, said in told) == (1, True), (said, told)


def test_the_publication_folder_keeps_its_addresses_and_holds_no_letter_to_the_nämnd(office):
    office.publish()
    office.run()
    folder = office.folder / "publikt"
    names = {path.name for path in (folder / PERIOD).iterdir() if path.is_file()}
    stem = "manadsrapport-2026-03-ks"
    files = {f"{stem}.pdf", f"{stem}.html", f"{stem}-spar.html", f"{stem}.xlsx"}
    assert names == {*files, "siffror.json", "siffror.csv"}
    assert {path.name for path in (folder / PERIOD / "v1").iterdir()} == files
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert f'href="{PERIOD}/{stem}.html"' in page
    assert "Mars 2026" in page
    for address in re.findall(r'href="([^"#]+)"', page):
        assert (folder / address).is_file(), address
    assert (folder / PERIOD / "spar" / "index.html").is_file()


def test_everything_is_published_to_an_object_store_as_to_a_folder_and_a_bucket_that_is_gone_is_tried_again(
    office, s3_server, monkeypatch
):
    monkeypatch.setenv("NYCKEL_ID", KEY_ID)
    monkeypatch.setenv("HEMLIG_NYCKEL", SECRET_KEY)
    office.addresses = (GOOD,)
    store = Objektlager(
        adress=s3_server.url, nyckel_id=Hemlighet(miljo="NYCKEL_ID"), hemlig_nyckel=Hemlighet(miljo="HEMLIG_NYCKEL")
    )
    settings = {"objektlager": store, "publicering": "s3://publikt/rapporter", "diarium": "s3://diarium"}
    s3_server.put("diarium", "annat.txt", b"")
    told = office.run(**{**settings, "objektlager": store.model_copy(update={"adress": "http://127.0.0.1:1"})})
    assert {(one.till.kanal, one.status, one.fel[:4]) for one in told.failed} == {
        (PUBLICERING, SandningStatus.PLANERAD, "E950"),
        (DIARIUM, SandningStatus.PLANERAD, "E950"),
    }
    told = office.run(1, **settings)
    assert [(one.till.kanal, one.fel[:4]) for one in told.failed] == [(PUBLICERING, "E950")]
    s3_server.put("publikt", "rapporter/robots.txt", b"")
    assert office.run(2, **settings).failed == ()
    assert set(office.statuses().values()) == {SandningStatus.LEVERERAD}
    office.publish()
    with open_workplace(office.hem) as workplace:
        edition = make_edition(workplace, report_of(workplace, PERIOD, "KS"), NOW)
        publish(workplace, PERIOD, [edition])
    folder = office.folder / "publikt"
    laid = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    kinds = s3_server.objects("publikt")
    assert set(kinds) == {f"rapporter/{name}" for name in laid} | {"rapporter/robots.txt"}
    for name in ("index.html", f"{PERIOD}/manadsrapport-2026-03-ks.pdf", f"{PERIOD}/siffror.csv"):
        assert s3_server.get("publikt", f"rapporter/{name}") == laid[name].read_bytes()
    assert kinds["rapporter/index.html"] == "text/html; charset=utf-8"
    assert kinds[f"rapporter/{PERIOD}/manadsrapport-2026-03-ks.pdf"] == "application/pdf"
    assert f"{PERIOD}/manadsrapport-2026-03-ks-v1.zip" in s3_server.objects("diarium")


def test_a_report_that_is_not_settled_tells_nothing_in_the_publication_folder(office):
    """Only the settled report's own figures are in the open data and the spårsidor, not those of the drafts beside it."""
    office.publish()
    office.run()
    rows = json.loads((office.folder / "publikt" / PERIOD / "siffror.json").read_bytes())["siffror"]
    with open_workplace(office.hem) as workplace:
        shown = {spar.figure_id for spar in view_of(workplace, report_of(workplace, PERIOD, "KS")).spar}
        others = {spar.figure_id for spar in view_of(workplace, report_of(workplace, PERIOD, "")).spar}
    assert {row["id"] for row in rows} == shown
    assert others - shown


def test_the_pdf_leads_to_where_its_version_is_published_or_nowhere(office):
    with open_workplace(office.hem) as workplace:
        report = report_of(workplace, PERIOD, "KS")
        linked = make_edition(workplace, report, NOW)
    with open_workplace(replace(office.hem, publik_adress="")) as workplace:
        alone = make_edition(workplace, report, NOW)
        name = f"{report.rapport_id}.pdf"
        with_links, without = (workplace.objects.get(edition.filer[name]) for edition in (linked, alone))
    base = f"https://rapporter.exempel.invalid/{PERIOD}/v1/{report.rapport_id}-spar.html#"
    addresses = links_of(with_links)
    assert len(addresses) > 20
    assert all(address.startswith(base) for address in addresses)
    assert links_of(without) == []


def links_of(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as document:
        annotations = [each for page in document.pages for each in page.get("/Annots", [])]
        return [str(each.A.URI) for each in annotations if "/A" in each and "/URI" in each.A]
