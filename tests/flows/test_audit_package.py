"""The package for revisorerna: complete, the same bytes each time, and checked by a script that needs nothing but Python."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import sync_playwright

from adapters.audit_package.verify.basics import Package, canonical
from adapters.audit_package.verify.log import check_files
from adapters.audit_package.verify.signatures import check_signatures, is_signed
from adapters.zip_package import packed
from flows.cli import main
from flows.steps.audit_package import EVENT, build_package
from flows.steps.receipt import answer_period
from flows.workplace import open_workplace
from tests.closings import APRIL, Closed, copy_home, time_of
from transforms.ledger.reconciliation import Acceptans
from transforms.statements.acceptance import Godtagande

Files = dict[str, bytes]


def unpacked(content: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def verified(folder: Path, *words: str) -> tuple[int, str]:
    """``verify.py`` of the folder, in Python alone: no site-packages, no environment, nothing of ours on the path."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "verify.py", *words], cwd=folder, env={}, capture_output=True, text=True, timeout=300, check=False
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def answered(lingonby: Closed, tmp_path_factory: pytest.TempPathFactory) -> Closed:
    """April with the kvittens of one return written, and a difference and a finding accepted."""
    hem = copy_home(lingonby.hem, tmp_path_factory.mktemp("granskning") / "hem")
    with open_workplace(hem) as workplace:
        (record, *_) = workplace.store.current_returns("lingonby", "2026-04")
        answer_period(workplace, APRIL, (record.id,), time_of(APRIL, 16))
        difference = Acceptans("internt", 1200, "Ekonomichef", "Periodiseras i maj", "")
        workplace.store.accept_difference("lingonby", "2026-04", difference, tid=time_of(APRIL, 16))
        accepted = Godtagande("fynd:E341", "Känt sedan förra året", "Ekonomichef", time_of(APRIL, 16).isoformat())
        workplace.store.accept("lingonby", "2026-04", accepted)
    return replace(lingonby, hem=hem)


@pytest.fixture(scope="module")
def package(answered: Closed) -> bytes:
    with open_workplace(answered.hem) as workplace:
        return build_package(workplace, answered.closing).innehall


@pytest.fixture(scope="module")
def files(package: bytes) -> Files:
    return unpacked(package)


def lay_out(folder: Path, content: bytes) -> None:
    """The ZIP and the script that came with it, and nothing else."""
    folder.mkdir(exist_ok=True)
    (folder / "paket.zip").write_bytes(content)
    (folder / "verify.py").write_bytes(unpacked(content)["verify.py"])


def test_the_package_holds_by_python_alone_in_an_empty_folder_as_zip_and_unpacked(
    package: bytes, files: Files, tmp_path: Path
) -> None:
    lay_out(tmp_path / "zip", package)
    code, told = verified(tmp_path / "zip", "paket.zip")
    assert code == 0, told
    assert "Allt håller" in told
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        opened.extractall(tmp_path / "mapp")
    code, told = verified(tmp_path / "mapp")
    assert code == 0, told
    head = json.loads(files["manifest.json"])["logghuvud"]
    assert verified(tmp_path / "zip", "paket.zip", "--mot", head)[0] == 0
    assert verified(tmp_path / "zip", "paket.zip", "--mot", f"3:{'0' * 64}")[0] == 1
    assert verified(tmp_path / "zip", "paket.zip", "--manifest", "0" * 64)[0] == 1


def test_the_same_store_gives_the_same_bytes_also_after_a_package_has_been_made(
    answered: Closed, package: bytes, a_copy: Callable[[Closed], Closed], capsys: pytest.CaptureFixture[str]
) -> None:
    hem = a_copy(answered).hem
    assert main(["--kommun", str(hem.path), "granska", "2026-04"]) == 0
    first = (hem.path / "granskning" / "granskning-lingonby-2026-04.zip").read_bytes()
    assert main(["--kommun", str(hem.path), "granska", "2026-04"]) == 0
    assert (hem.path / "granskning" / "granskning-lingonby-2026-04.zip").read_bytes() == first
    assert first == package
    with open_workplace(hem) as workplace:
        (told, _) = workplace.store.journal(EVENT)
    assert told.detaljer["manifest"] in capsys.readouterr().out


def test_everything_that_the_reports_stand_on_is_in_it(lingonby: Closed, files: Files) -> None:
    names = set(files)
    for report in lingonby.reports:
        for suffix in (".pdf", ".html", "-spar.html", ".xlsx"):
            assert files[f"rapporter/{report.rapport_id}{suffix}"] == lingonby.read(report.kod, suffix)
    sources = json.loads(files["data/underlag.json"])
    with open_workplace(lingonby.hem) as workplace:
        for retur_id in lingonby.closing.retur_ids:
            record = workplace.store.retur(retur_id)
            assert files[sources[record.sha256]["fil"]] == workplace.objects.get(record.sha256)
    assert {"regler/hem/kommun.yaml", "regler/data_contracts/manadsretur.odcs.yaml", "data/miljo.json"} <= names
    assert any(name.startswith("kvittenser/") for name in names)
    assert json.loads(files["data/avvikelser.json"])["arenden"]
    assert json.loads(files["data/mal.json"])
    assert json.loads(files["data/fynd.json"])
    rows = re.findall(r'<tr><th scope="row">(.+?)</th><td>(.*?)</td>', files["index.html"].decode())
    assert ("Bildningsförvaltningen", "SAKNAS") in rows
    assert "lasning/spar/index.html" in names
    told = files["index.html"].decode().partition('<h2 id="logg">')[2].partition("</table>")[0]
    assert "<td>Stängning klar</td>" in told
    assert not re.findall(r"<td>\w+_\w+</td>", told), "every event has words for people"


def test_every_link_of_the_first_page_leads_to_a_file_and_search_and_axe_are_well(files: Files, tmp_path: Path) -> None:
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    links = set(re.findall(r'href="([^"#]+)"', files["index.html"].decode()))
    assert links
    assert links <= set(files)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for width in (360, 1280):
            page = chromium.new_page(viewport={"width": width, "height": 900})
            page.goto((tmp_path / "index.html").as_uri())
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.locator("#sok").fill("kommunstyrelsen köp av verksamhet prognos helår")
        page.locator("#traffar a").first.click()
        page.wait_for_selector("#cell .cellen")
        assert "Köp av verksamhet" in page.locator("h1").inner_text()
        chromium.close()


def replaced(files: Files, name: str, content: bytes, *, honest: bool) -> bytes:
    """The package with one file changed. ``honest`` False: the manifest is made anew, so that it says nothing of it."""
    changed = {**files, name: content}
    if not honest:
        manifest = json.loads(changed["manifest.json"])
        manifest["filer"][name] = hashlib.sha256(content).hexdigest()
        changed["manifest.json"] = json.dumps(manifest).encode()
    return packed(changed)


def one_byte(content: bytes) -> bytes:
    place = len(content) // 2
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def digit(content: bytes, before: str, after: str) -> bytes:
    text = content.decode("utf-8")
    assert before in text
    return text.replace(before, after, 1).encode("utf-8")


def test_a_signature_holds_for_its_own_event_alone() -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    told = {"rapport_id": "manadsrapport-2026-04-ten", "innehallshash": "a" * 64}
    link = {"nr": 7, "tid": "2026-05-20T08:00:00.000000+00:00", "anvandare": "eva", "roll": "chef", "vad": "faststalla"}
    content = {**told, "steg": "faststalla", "anvandare": "eva", "roll": "chef", "tid": link["tid"]}
    signed = {**link, "detaljer": {**told, "nyckel": public, "signatur": key.sign(canonical(content).encode()).hex()}}
    assert list(check_signatures([signed, {**link, "detaljer": told}])) == []
    (fault,) = check_signatures([{**signed, "roll": "controller"}])
    assert fault == "signaturen i händelse 7 (faststalla, eva) gäller inte det som står där"


@pytest.mark.parametrize("size", [0, 1, 200])
def test_signatures_are_judged_as_the_kept_library_does(size: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes([size + 1]) * 32)
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    content, signature = bytes(size), key.sign(bytes(size))
    assert is_signed(content, signature.hex(), public.hex())
    assert not is_signed(content + b"!", signature.hex(), public.hex())
    for place in (0, 31, 32, 63):
        bent = bytearray(signature)
        bent[place] ^= 1
        assert not is_signed(content, bent.hex(), public.hex())
    assert not is_signed(content, signature[:63].hex(), public.hex())
    assert not is_signed(content, signature.hex(), "zz")


def changed_cell(book: bytes, before: str, after: str) -> bytes:
    """The workbook with one number of a sheet changed."""
    parts = unpacked(book)
    name = next(
        name for name in parts if name.startswith("xl/worksheets/") and f"<v>{before}</v>".encode() in parts[name]
    )
    parts[name] = parts[name].replace(f"<v>{before}</v>".encode(), f"<v>{after}</v>".encode(), 1)
    return packed(parts)


def a_return(files: Files) -> str:
    sources = json.loads(files["data/underlag.json"])
    return next(one["fil"] for one in sources.values() if one["namn"].startswith("retur-omf-2026-04"))


def figures_name(files: Files) -> str:
    return f"data/siffror-{json.loads(files['data/stangning.json'])['stangning']}.json"


def bent_figure(files: Files, figure_id: str) -> bytes:
    """The figures with one value changed by one öre."""
    table = json.loads(files[figures_name(files)])
    at, value = table["kolumner"].index("figure_id"), table["kolumner"].index("varde")
    next(row for row in table["rader"] if row[at] == figure_id)[value] += 1
    return json.dumps(table).encode()


def test_one_changed_byte_in_any_kind_of_part_is_caught(files: Files, tmp_path: Path) -> None:
    """A file of every folder, every table and every file beside them, each with one byte changed: each is named, and nothing else."""
    kinds: dict[str, str] = {}
    for name in sorted(set(files) - {"manifest.json"}):
        kinds.setdefault(name if name.startswith("data/") else name.partition("/")[0], name)
    changed = {name: one_byte(files[name]) for name in kinds.values()}
    (tmp_path / "paket.zip").write_bytes(packed({**files, **changed}))
    manifest = json.loads(files["manifest.json"])
    found = set(check_files(Package(str(tmp_path / "paket.zip")), manifest))
    assert found == {f"filen {name} har ändrats" for name in changed}
    assert {"rapporter", "vyer", "underlag", "regler", "kvittenser", "lasning", "index.html", "verify.py"} <= set(kinds)
    assert {f"data/{name}.json" for name in ("logg", "fynd", "godtaganden", "mal", "avvikelser", "rapporter")} <= set(
        kinds
    )


@pytest.mark.parametrize("kind", ["lasning/", "data/logg"])
def test_one_changed_byte_makes_the_script_itself_fail_loudly(files: Files, tmp_path: Path, kind: str) -> None:
    name = next(name for name in sorted(files) if name.startswith(kind))
    lay_out(tmp_path, replaced(files, name, one_byte(files[name]), honest=True))
    code, told = verified(tmp_path, "paket.zip")
    assert code == 1
    assert f"filen {name} har ändrats" in told or "går inte att läsa" in told


def test_a_file_that_is_gone_or_put_in_is_caught(files: Files, tmp_path: Path) -> None:
    name = "data/fynd.json"
    lay_out(tmp_path, packed({key: content for key, content in files.items() if key != name}))
    assert f"filen {name} saknas" in verified(tmp_path, "paket.zip")[1]
    lay_out(tmp_path, packed({**files, "data/mer.json": b"{}"}))
    assert "filen data/mer.json hör inte till paketet" in verified(tmp_path, "paket.zip")[1]


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("logg", "har ändrats"),
        ("siffra", "inte de som loggen lovade"),
        ("beraknad", "delarna ger inte värdet"),
        ("cell", "innehåller"),
        ("pdf", "filerna är inte de som loggen säger"),
        ("vy", "innehållet är inte det som innehållshashen gäller"),
        ("tryckt", "visar"),
        ("regel", "är inte den som gällde"),
        ("arende", "säger annat än vad stängningarna såg"),
        ("sedd", "avvikelseregistret i stängning"),
        ("fynd", "fynden i retur"),
        ("godtagen", "godtagandet fynd:E341 är inte det som loggen säger"),
        ("differens", "godtagandet internt saknas, men loggen säger det"),
        ("retur", "är inte filen med sha256"),
    ],
)
def test_a_change_is_caught_also_when_the_manifest_has_been_made_anew(
    files: Files, tmp_path: Path, what: str, said: str
) -> None:
    report, personal = "vyer/manadsrapport-2026-04-ks.json", "2026-04/OMS/drift/personal/prognos"
    accepted = "data/godtaganden.json"
    result = "2026-04/OMS/drift/arets_resultat/prognos"
    changes: dict[str, Callable[[], tuple[str, bytes]]] = {
        "logg": lambda: ("data/logg.json", digit(files["data/logg.json"], '"version":1', '"version":2')),
        "siffra": lambda: (figures_name(files), bent_figure(files, personal)),
        "beraknad": lambda: (figures_name(files), bent_figure(files, result)),
        "cell": lambda: (a_return(files), changed_cell(files[a_return(files)], "-151000", "-151001")),
        "pdf": lambda: (
            "rapporter/manadsrapport-2026-04-ks.pdf",
            one_byte(files["rapporter/manadsrapport-2026-04-ks.pdf"]),
        ),
        "vy": lambda: (report, digit(files[report], "Sammanfattning", "Sammanfattninq")),
        "tryckt": lambda: (report, digit(files[report], '"ore":-15100000000', '"ore":-15100000001')),
        "regel": lambda: (
            "regler/hem/kommun.yaml",
            digit(files["regler/hem/kommun.yaml"], "belopp_tkr: 500", "belopp_tkr: 900"),
        ),
        "arende": lambda: ("data/avvikelser.json", digit(files["data/avvikelser.json"], '"over":true', '"over":false')),
        "sedd": lambda: (
            "data/avvikelser.json",
            files["data/avvikelser.json"].replace(b'"over":true', b'"over":false'),
        ),
        "fynd": lambda: ("data/fynd.json", digit(files["data/fynd.json"], '"code":"E341"', '"code":"E342"')),
        "godtagen": lambda: (accepted, digit(files[accepted], "förra året", "alltid")),
        "differens": lambda: (accepted, json.dumps({**json.loads(files[accepted]), "avstamning": []}).encode()),
        "retur": lambda: (a_return(files), one_byte(files[a_return(files)])),
    }
    name, content = changes[what]()
    lay_out(tmp_path, replaced(files, name, content, honest=False))
    code, told = verified(tmp_path, "paket.zip")
    assert code == 1
    assert said in told
