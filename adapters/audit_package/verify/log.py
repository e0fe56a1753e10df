"""The files by their sha256, and the audit log's chain."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.audit_package.verify.basics import Package, Row, canonical, sha256


def check_files(package: Package, manifest: Row) -> Iterator[str]:
    """Every file is there with its sha256, and no other."""
    there = [name for name in package.names() if name != "manifest.json"]
    for name in sorted(set(manifest["filer"]) - set(there)):
        yield f"filen {name} saknas"
    for name in sorted(set(there) - set(manifest["filer"])):
        yield f"filen {name} hör inte till paketet"
    for name, expected in sorted(manifest["filer"].items()):
        if name in there and sha256(package.read(name)) != expected:
            yield f"filen {name} har ändrats"


def check_log(links: list[Row], manifest: Row, against: str) -> Iterator[str]:
    """The chain from the first event to the head."""
    before, number = "0" * 64, 0
    for link in links:
        number += 1
        content = {name: link[name] for name in ("nr", "tid", "anvandare", "roll", "vad", "detaljer", "forra")}
        if link["nr"] != number or link["forra"] != before:
            yield f"händelse {number} saknas eller hänger inte ihop med den före"
            return
        if sha256(canonical(content).encode()) != link["hash"]:
            yield f"händelse {number} ({link['vad']}) har ändrats"
            return
        before = link["hash"]
    if f"{number}:{before}" != manifest["logghuvud"]:
        yield f"loggen slutar vid {number}:{before}, inte vid manifestets huvud"
    if against:
        at, _, expected = against.partition(":")
        found = next((link["hash"] for link in links if str(link["nr"]) == at), "")
        if found != expected:
            yield f"loggen har inte huvudet {against}: den är omskriven eller avkortad"
