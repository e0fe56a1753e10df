"""The checks in order, told on the terminal."""

from __future__ import annotations

import argparse
import json
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree import ElementTree

from adapters.audit_package.verify.basics import Package, sha256
from adapters.audit_package.verify.figures import Figures
from adapters.audit_package.verify.log import check_files, check_log
from adapters.audit_package.verify.printed import check_printed
from adapters.audit_package.verify.promised import check_promised
from adapters.audit_package.verify.signatures import check_signatures


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Kontrollerar ett granskningspaket.", add_help=False)
    parser.add_argument("--hjalp", "-h", action="help", help="visa den här texten")
    parser.add_argument("paket", nargs="?", default=str(Path(__file__).resolve().parent))
    parser.add_argument("--mot", default="", help="ett logghuvud, nummer:hash")
    parser.add_argument("--manifest", default="", help="manifestets sha256")
    asked = parser.parse_args(words)
    package = Package(asked.paket)
    faults = total = 0
    for heading, found in steps(package, asked):
        listed = run(found)
        total += 1
        faults += len(listed)
        print(f"{'HÅLLER' if not listed else 'BRUTET'}  {heading}")
        for text in listed[:20]:
            print(f"        {text}")
        if len(listed) > 20:
            print(f"        … och {len(listed) - 20} till")
    print(f"\nAllt håller: {total} kontroller." if not faults else f"\nBRUTET: {faults} fel. Lita inte på paketet.")
    return 1 if faults else 0


def steps(package: Package, asked: argparse.Namespace) -> Iterator[tuple[str, Iterable[str]]]:
    """Heading and faults of every check, in order."""
    content = package.read("manifest.json")
    manifest = json.loads(content.decode("utf-8"))
    print(f"{manifest['kommun']}, {manifest['period']}. Manifest {sha256(content)}. Logghuvud {manifest['logghuvud']}")
    yield "manifestet är det som angavs", [] if asked.manifest in ("", sha256(content)) else ["det är ett annat"]
    yield "alla filer är oförändrade och inga fler", check_files(package, manifest)
    links = package.json("data/logg.json")
    closings, sources = package.json("data/stangning.json"), package.json("data/underlag.json")
    figures = Figures(package, closings, sources)
    yield f"granskningsloggens kedja, {len(links)} händelser", check_log(links, manifest, asked.mot)
    signed = sum("signatur" in link["detaljer"] for link in links)
    yield f"{signed} signaturer gäller vad de säger", check_signatures(links)
    yield (
        "returer, regler, siffror, register och rapporter är vad loggen säger",
        check_promised(package, links, closings, sources),
    )
    yield f"{len(figures.of_period(closings['period']))} siffror, räknade om ner till cellerna", figures.faults()
    yield "varje tryckt siffra är sitt värde, avrundat en gång", check_printed(package, figures)


def run(faults: Iterable[str]) -> list[str]:
    """The faults; what can't even be read is one."""
    found = []
    try:
        for fault in faults:
            found.append(fault)
    except (KeyError, ValueError, TypeError, IndexError, OSError, zipfile.BadZipFile, ElementTree.ParseError) as error:
        found.append(f"går inte att läsa: {type(error).__name__}: {error}")
    return found


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (KeyError, ValueError, TypeError, OSError, zipfile.BadZipFile) as error:
        print(f"BRUTET: paketet går inte att läsa: {type(error).__name__}: {error}")
        sys.exit(1)
