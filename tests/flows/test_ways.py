"""Returns by every way in, to the answer: SFTP, object store and mailbox on real servers, with SMTP back to the sender."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from adapters.store import ReturRecord, ReturStatus, Svar
from adapters.workbook_fill import set_cells
from data_contracts.vagar import Hemlighet
from flows.cli import main
from flows.home import Hem, open_home
from flows.steps.answer import answer_senders
from flows.steps.check import check_returns
from flows.steps.collect import Collected, collect, has_unseen
from flows.steps.receipt import answer_new, answer_period
from flows.ways import HemlighetsFel, secret_of
from flows.workplace import open_workplace
from tests.closings import APRIL, deliver, facts_of, new_home, time_of
from tests.smtp_server import SmtpServer, smtp_server
from tests.way_servers import KEY_ID, PASSWORD, SECRET_KEY, USER, ImapServer, S3Server, SftpServer, mail

NOW = time_of(APRIL, 10)
OMF, KLF = "retur-omf-2026-04.xlsx", "retur-klf-2026-04.xlsx"
EKONOM = "ekonom.omf@exempel.invalid"


@dataclass(frozen=True)
class Post:
    """A home whose mailbox and mail server are real."""

    hem: Hem
    imap: ImapServer
    smtp: SmtpServer
    returns: Path

    def send(self, sender: str, *files: str, number: int = 1, **heads: str) -> None:
        attached = {name: (self.returns / name).read_bytes() for name in files}
        self.imap.deliver(mail(sender, "Retur", attached, number, **heads))

    def fetch(self) -> tuple[Collected, list[ReturRecord]]:
        """Collect, judge, write receipts and answer, as the flow does."""
        with open_workplace(self.hem) as workplace:
            collected = collect(workplace, APRIL, NOW)
            answer_new(workplace, collected.new, NOW)
            answer_senders(workplace, lambda: NOW)
            return collected, [workplace.store.retur(one) for one in collected.new]


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lingonby's home with the register taken in; April's returns lie beside it, not in the inbox."""
    hem = new_home(tmp_path_factory.mktemp("vagar") / "hem", "lingonby")
    deliver(hem, facts_of("lingonby", "2026-04"), NOW)
    (hem.path / "returer").mkdir()
    for path in Path(hem.inkorg).glob("retur-*.xlsx"):
        path.rename(hem.path / "returer" / path.name)
    spoiled = set_cells((hem.path / "returer" / OMF).read_bytes(), "Drift", {"H9": "ca 120"})
    (hem.path / "returer" / "spoiled.xlsx").write_bytes(spoiled)
    (hem.path / "hemligt").write_text(f"{PASSWORD}\n")
    (hem.path / "hemligt").chmod(0o600)
    return hem.path


@pytest.fixture
def home(ready: Path, tmp_path: Path) -> Callable[[str], Hem]:
    """Makes a copy of the home with these settings."""

    def made(settings: str) -> Hem:
        path = Path(shutil.copytree(ready, tmp_path / "hem"))
        (path / "installningar.yaml").write_text(settings, encoding="utf-8")
        return open_home(path)

    return made


@pytest.fixture
def post(home: Callable[[str], Hem], imap_server: ImapServer, tmp_path: Path) -> Iterator[Post]:
    with smtp_server(tmp_path / "post") as smtp:
        hem = home(
            f"epost: {{server: 127.0.0.1, port: {smtp.port}, starttls: false, avsandare: ekonomi@example.org}}\n"
            f"vagar:\n  - {{typ: brevlada, namn: brevlada, server: 127.0.0.1, port: {imap_server.port}, kryptering: ingen, "
            f"anvandare: {USER}, losenord: {{fil: hemligt}}, mapp: {imap_server.mapp}}}\n"
        )
        yield Post(hem, imap_server, smtp, hem.path / "returer")


def test_a_mailed_return_is_taken_in_and_its_kvittens_mailed_back_once(post: Post) -> None:
    post.send(EKONOM.upper(), OMF)
    _, (record,) = post.fetch()
    assert (record.forvaltning, record.status) == ("OMF", ReturStatus.GODKAND)
    (answer,) = post.smtp.received
    assert answer.recipients == (EKONOM,)
    assert answer.mail["Subject"] == "Kvittens: Omsorgsförvaltningen, april 2026: godkänd"
    assert answer.mail["In-Reply-To"].endswith("@example.org>")
    assert answer.mail["Auto-Submitted"] == "auto-replied"
    assert f"brevlada, brev från {EKONOM}" in answer.mail.get_body().get_content()
    again, new = post.fetch()
    assert (again.new, new, len(post.smtp.received)) == ((), [], 1)
    assert record.id in again.seen
    with open_workplace(post.hem) as workplace:
        (leverans,) = workplace.store.deliveries_of(record.id)
        assert leverans.svar is Svar.KLART
        assert workplace.objects.get(leverans.brev).startswith(b"From: EKONOM")


def put_register(hem: Hem, name: str, cells: dict[str, Decimal | str]) -> None:
    """Another version of the year's register in the inbox, with these cells of Beslutad budget."""
    content = (Path(hem.inkorg) / "budgetregister-2026-04.xlsx").read_bytes()
    (Path(hem.inkorg) / name).write_bytes(set_cells(content, "Beslutad budget", cells))  # type: ignore[arg-type]


def budget_cell(hem: Hem, kod: str) -> str:
    """Where the register has OMF's budget of a row."""
    sheet = load_workbook(Path(hem.inkorg) / "budgetregister-2026-04.xlsx")["Beslutad budget"]
    at = {cell.value: cell.column for cell in sheet[6]}
    row = next(
        row
        for row in sheet.iter_rows(min_row=7)
        if [row[at[n] - 1].value for n in ("enhet", "avser", "kod")] == ["OMS", "drift", kod]
    )
    return row[at["belopp"] - 1].coordinate


def judged_again(hem: Hem) -> None:
    """Collect, judge the month and answer, as a closing does."""
    with open_workplace(hem) as workplace:
        seen = collect(workplace, APRIL, NOW).seen
        check_returns(workplace, APRIL, NOW)
        answer_period(workplace, APRIL, seen, NOW)
        answer_senders(workplace, lambda: NOW)


def test_a_verdict_that_changes_later_is_mailed_again_once_per_verdict(post: Post) -> None:
    post.send(EKONOM, OMF)
    _, (record,) = post.fetch()
    judged_again(post.hem)
    assert len(post.smtp.received) == 1
    cell = budget_cell(post.hem, "personal")
    for name, amount in (("register-2.xlsx", Decimal(-1)), ("register-3.xlsx", Decimal(-2))):
        put_register(post.hem, name, {cell: amount})
        for _ in range(2):
            judged_again(post.hem)
        assert len(post.smtp.received) == 2
    with open_workplace(post.hem) as workplace:
        assert workplace.store.retur(record.id).status is ReturStatus.STOPPAD
    stopped = post.smtp.received[1].mail
    assert stopped["Subject"] == "Kvittens: Omsorgsförvaltningen, april 2026: nytt besked, stoppad"
    assert "Då: godkänd. Nu: stoppad." in stopped.get_body().get_content()
    assert "E350" in stopped.get_body().get_content()
    assert [one.get_filename() for one in stopped.iter_attachments()] == ["rattelsebok-lingonby-omf-2026-04-v1.xlsx"]
    put_register(post.hem, "register-4.xlsx", {"B3": "Som först"})
    for _ in range(2):
        judged_again(post.hem)
    subjects = [one.mail["Subject"].rpartition(": ")[2] for one in post.smtp.received]
    assert subjects == ["godkänd", "nytt besked, stoppad", "nytt besked, godkänd"]
    assert len({one.mail["Message-ID"] for one in post.smtp.received}) == 3


def test_a_choice_of_another_version_is_told_to_those_whom_it_concerns(post: Post) -> None:
    post.send(EKONOM, OMF)
    post.fetch()
    place = load_workbook(post.returns / OMF)["Start"]
    role = next(row[2].coordinate for row in place.iter_rows() if row[0].value == "ifylld_av_roll")
    (post.returns / "igen.xlsx").write_bytes(set_cells((post.returns / OMF).read_bytes(), "Start", {role: "Ekonom"}))
    post.send(EKONOM, "igen.xlsx", number=2)
    _, (newer,) = post.fetch()
    assert newer.version == 2
    assert len(post.smtp.received) == 2
    with open_workplace(post.hem) as workplace:
        first = workplace.store.retur_chain("lingonby", "OMF", "2026-04")[0]
        workplace.store.choose_version(first.id, skal="fel fil", roll="Controller", konto="c", tid=NOW)
    for _ in range(2):
        judged_again(post.hem)
    told = [one.mail.get_body().get_content() for one in post.smtp.received[2:]]
    assert len(told) == 2
    assert all("Version 1 räknas i stället för version 2: vald av Controller" in text for text in told)
    assert all("valet av version har ändrats" in text for text in told)


def test_a_stopped_return_is_answered_with_its_rattelsebok(post: Post) -> None:
    post.send(EKONOM, "spoiled.xlsx")
    _, (record,) = post.fetch()
    assert record.status is ReturStatus.STOPPAD
    (answer,) = post.smtp.received
    (book,) = answer.mail.iter_attachments()
    assert book.get_filename() == "rattelsebok-lingonby-omf-2026-04-v1.xlsx"
    assert "stoppad" in answer.mail["Subject"]
    assert "E201" in answer.mail.get_body().get_content()


def test_an_unknown_sender_stops_the_return_loses_nothing_and_gets_no_answer(post: Post) -> None:
    post.send("vikarie@example.org", OMF)
    _, (record,) = post.fetch()
    assert record.status is ReturStatus.STOPPAD
    assert post.smtp.received == []
    with open_workplace(post.hem) as workplace:
        assert [one.code for one in workplace.store.findings_for(record.id)][:1] == ["E160"]
        assert workplace.objects.get(record.sha256) == (post.returns / OMF).read_bytes()
    text = post.hem.kommun_yaml.read_text(encoding="utf-8")
    post.hem.kommun_yaml.write_text(text.replace(EKONOM, "vikarie@example.org"), encoding="utf-8")
    with open_workplace(post.hem) as workplace:
        answer_new(workplace, [record.id], NOW)
        assert workplace.store.retur(record.id).status is ReturStatus.GODKAND


def test_another_forvaltnings_sender_may_not_send_it_but_the_same_file_from_the_right_one_counts(post: Post) -> None:
    post.send("ekonom.sbf@exempel.invalid", OMF)
    _, (record,) = post.fetch()
    with open_workplace(post.hem) as workplace:
        assert "E161" in [one.code for one in workplace.store.findings_for(record.id)]
    post.send(EKONOM, OMF, number=2)
    post.fetch()
    with open_workplace(post.hem) as workplace:
        answer_new(workplace, [record.id], NOW)
        assert workplace.store.retur(record.id).status is ReturStatus.GODKAND
        assert len(workplace.store.retur_chain("lingonby", "OMF", "2026-04")) == 1
    assert [one.recipients[0] for one in post.smtp.received] == ["ekonom.sbf@exempel.invalid", EKONOM]


def test_mails_without_files_are_told_so_and_programs_get_no_answer(post: Post) -> None:
    post.send(EKONOM)
    post.send(EKONOM, "spoiled.xlsx", number=2, Auto_Submitted="auto-generated")
    post.send("nagon@example.org", number=3)
    collected, new = post.fetch()
    assert len(new) == 1
    assert [text.partition(" (")[0] for text in collected.left] == [
        f'brevet "Retur" från {EKONOM}',
        'brevet "Retur" från nagon@example.org',
    ]
    (answer,) = post.smtp.received
    assert answer.mail["Subject"] == "Kvittens: Retur: ingen retur"
    assert "E162" in answer.mail.get_body().get_content()


def test_several_files_of_one_mail_are_several_returns_and_lock_files_none(post: Post) -> None:
    (post.returns / "~$retur.xlsx").write_bytes(b"x")
    post.send(EKONOM, OMF, "~$retur.xlsx", "spoiled.xlsx")
    _, new = post.fetch()
    assert [record.fil for record in new] == [OMF, "spoiled.xlsx"]
    assert [record.version for record in new] == [1, 2]
    assert len(post.smtp.received) == 2


def test_answers_wait_while_the_mail_server_is_down_and_a_crash_loses_no_answer(post: Post, capsys) -> None:
    post.send(EKONOM, OMF)
    settings = post.hem.path / "installningar.yaml"
    right = settings.read_text()
    settings.write_text(right.replace(str(post.smtp.port), "1"))
    assert main(["--kommun", str(post.hem.path), "hamta"]) == 0
    assert "Svaren väntar till nästa gång. E930" in capsys.readouterr().out
    settings.write_text(right)
    assert main(["--kommun", str(post.hem.path), "hamta"]) == 0
    assert f"Svar till {EKONOM} om {OMF}: skickat" in capsys.readouterr().out
    assert len(post.smtp.received) == 1


def test_looking_for_the_unseen_registers_nothing(post: Post) -> None:
    post.send(EKONOM, OMF, "spoiled.xlsx")
    with open_workplace(post.hem) as workplace:
        assert has_unseen(workplace)
        assert workplace.store.returns_for("lingonby", "2026-04") == ()
        assert workplace.store.unanswered("lingonby") == ()
    _, new = post.fetch()
    assert len(new) == 2
    with open_workplace(post.hem) as workplace:
        assert not has_unseen(workplace)


def test_sftp_and_object_store_are_ways_in_and_one_that_is_down_does_not_keep_the_others(
    home: Callable[[str], Hem],
    sftp_server: SftpServer,
    s3_server: S3Server,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("RT_S3_ID", KEY_ID)
    monkeypatch.setenv("RT_S3_HEMLIG", SECRET_KEY)
    hem = home(
        "vagar:\n"
        f"  - {{typ: sftp, namn: sftp, server: 127.0.0.1, port: {sftp_server.port}, mapp: /inlamnat, anvandare: {USER}, "
        f"losenord: {{fil: hemligt}}, vardnycklar: {sftp_server.known}}}\n"
        f"  - {{typ: s3, namn: lagring, hink: inlamnat, adress: '{s3_server.url}', nyckel_id: {{miljo: RT_S3_ID}}, "
        "hemlig_nyckel: {miljo: RT_S3_HEMLIG}}\n"
    )
    (sftp_server.fresh("inlamnat") / OMF).write_bytes((hem.path / "returer" / OMF).read_bytes())
    words = ["--kommun", str(hem.path), "hamta"]
    assert main(words) == 2
    told = capsys.readouterr()
    assert "E903 Inkorgen s3://inlamnat finns inte" in told.err
    assert f"{OMF}: OMF, 2026-04, version 1" in told.out
    assert len(list(hem.kvittenser("2026-04").glob("kvittens-lingonby-omf-*.txt"))) == 1
    s3_server.put("inlamnat", KLF, (hem.path / "returer" / KLF).read_bytes())
    assert main(words) == 0
    told = capsys.readouterr().out
    assert all(text in told for text in ("1 ny fil, 2 kända", KLF))
    with open_workplace(hem) as workplace:
        ways = {
            one.fil: workplace.store.deliveries_of(one.id)[0].vag
            for one in workplace.store.returns_for("lingonby", "2026-04")
        }
    assert ways == {OMF: "sftp", KLF: "lagring"}
    assert main(words) == 0
    assert "0 nya filer" in capsys.readouterr().out


def test_a_secret_is_never_in_the_settings_and_its_file_is_closed_to_others(
    home: Callable[[str], Hem], monkeypatch
) -> None:
    hem = home("")
    assert secret_of(hem, Hemlighet(fil="hemligt")) == PASSWORD
    (hem.path / "hemligt").chmod(0o644)
    with pytest.raises(HemlighetsFel, match=r"E913 Filen \S+ kan läsas av alla"):
        secret_of(hem, Hemlighet(fil="hemligt"))
    with pytest.raises(HemlighetsFel, match="E913 Filen"):
        secret_of(hem, Hemlighet(fil="borta"))
    monkeypatch.delenv("RT_BORTA", raising=False)
    with pytest.raises(HemlighetsFel, match="E913 Miljövariabeln RT_BORTA"):
        secret_of(hem, Hemlighet(miljo="RT_BORTA"))


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("vagar:\n  - {typ: mapp, namn: inkorg, adress: x}\n", "Vägen inkorg finns två gånger"),
        ("vagar:\n  - {typ: brevlada, namn: b, server: x, anvandare: y, losenord: {miljo: Z}}\n", "kräver epost"),
        ("vagar:\n  - {typ: sftp, namn: b, server: x, anvandare: y, vardnycklar: z}\n", "losenord eller nyckelfil"),
        ("vagar:\n  - {typ: fax, namn: b}\n", "rad 2, vagar[1]: fax är inget slag som finns"),
        ("vagar:\n  - {typ: s3, namn: b, hink: X, nyckel_id: {}, hemlig_nyckel: {miljo: a}}\n", "rad 2, vagar[1].hink"),
        ("vagar:\n  - {typ: mapp, namn: b, adress: x, losenord: hemligt}\n", "vagar[1].losenord: Fältet är okänt"),
    ],
)
def test_wrong_settings_are_told_with_line_and_field(home, settings: str, told: str, capsys) -> None:
    with pytest.raises(Exception, match="E010") as error:
        home(settings)
    assert told in str(error.value)
