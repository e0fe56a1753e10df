"""What the log promised of returns, figures, register, reports, editions and acceptances."""

from __future__ import annotations

import json
from collections.abc import Iterator

from adapters.audit_package.verify.basics import Package, Row, canonical, sha256


def check_promised(package: Package, links: list[Row], closings: Row, sources: Row) -> Iterator[str]:
    """Returns, environment, figures, register and reports beside what the log says of them."""
    told: dict[str, list[Row]] = {}
    for link in links:
        told.setdefault(link["vad"], []).append(link["detaljer"])
    arrived = {one["sha256"] for vad in ("retur_mottagen", "huvudbok_mottagen") for one in told.get(vad, [])}
    for sha, source in sources.items():
        if not source.get("gallrad") and sha256(package.read(source["fil"])) != sha:
            yield f"{source['fil']} är inte filen med sha256 {sha}"
        if source["slag"] in ("xlsx", "csv", "sie") and sha not in arrived:
            yield f"{source['fil']} har aldrig tagits emot enligt loggen"
    done = {one["closing_id"]: one.get("siffror") for one in told.get("stangning_klar", [])}
    for closing in sorted({one for listed in closings["perioder"].values() for one in listed}):
        table = package.json(f"data/siffror-{closing}.json")["rader"]
        found = sha256("".join(f"{canonical(values)}\n" for values in table).encode())
        if found != done.get(closing):
            yield f"siffrorna i stängning {closing} är inte de som loggen lovade"
    yield from check_findings(package, links)
    yield from check_register(package, told, closings)
    yield from check_environment(package, told, closings)
    yield from check_reports(package, told)
    yield from check_editions(package, links, told)
    yield from check_accepted(package, told, closings)


def check_findings(package: Package, links: list[Row]) -> Iterator[str]:
    judged = {
        link["detaljer"]["retur_id"]: link["detaljer"]["fel"]
        for link in links
        if link["vad"] in ("retur_godkand", "retur_stoppad")
    }
    codes: dict[int, set[str]] = {}
    for one in package.json("data/fynd.json"):
        codes.setdefault(one["retur_id"], set()).add(one["code"])
    for retur_id, listed in codes.items():
        if sorted(listed) != judged.get(retur_id):
            yield f"fynden i retur {retur_id} är inte de som loggen säger"


def check_register(package: Package, told: dict[str, list[Row]], closings: Row) -> Iterator[str]:
    register = package.json("data/avvikelser.json")
    promised = {one["closing_id"]: one["hash"] for one in told.get("avvikelser_sedda", [])}
    for closing, seen in register["sedda"].items():
        if sha256("\n".join(canonical(one) for one in seen).encode()) != promised.get(int(closing)):
            yield f"avvikelseregistret i stängning {closing} är inte det som loggen lovade"
    seen = [one for listed in register["sedda"].values() for one in listed]
    for case in register["arenden"]:
        if any(one not in seen for one in case["sedd"]):
            yield f"ärendet {case['id']} säger annat än vad stängningarna såg"
    decided = [one for slag in ("beslut", "effekt", "stangd", "oppnad") for one in told.get(f"arende_{slag}", [])]
    for one in register["beslut"]:
        if one not in decided:
            yield f"beslutet på ärendet {one['arende_id']} är inte det som loggen säger"


def check_environment(package: Package, told: dict[str, list[Row]], closings: Row) -> Iterator[str]:
    begun = {one["closing_id"]: one.get("miljo", "") for one in told.get("stangning_paborjad", [])}
    if not begun.get(closings["stangning"]):
        return
    content = package.read("data/miljo.json")
    if sha256(content) != begun[closings["stangning"]]:
        yield "miljön är inte den som loggen säger att stängningen gjordes i"
    for name, expected in json.loads(content)["filer"].items():
        if f"regler/{name}" in package.names() and sha256(package.read(f"regler/{name}")) != expected:
            yield f"regeln {name} är inte den som gällde"


def check_reports(package: Package, told: dict[str, list[Row]]) -> Iterator[str]:
    saved = {one["report_id"]: one for one in told.get("rapport_sparad", [])}
    for one in package.json("data/rapporter.json"):
        event = saved.get(one["report_id"], {})
        parts = [sha256(package.read(one["filer"][name])) for name in ("pdf", "html", "spar", "xlsx")]
        if sha256("\n".join(parts).encode()) != event.get("filhash"):
            yield f"{one['rapport_id']}: filerna är inte de som loggen säger"
        if (one["version"], one["innehallshash"]) != (event.get("version"), event.get("innehallshash")):
            yield f"{one['rapport_id']}: version eller innehållshash är inte vad loggen säger"
        view = package.read(one["vy"]).decode("utf-8")
        if one["stil"] and sha256(f"{one['stil']}\n{view}".encode()) != event.get("innehallshash"):
            yield f"{one['rapport_id']}: innehållet är inte det som innehållshashen gäller"


def check_editions(package: Package, links: list[Row], told: dict[str, list[Row]]) -> Iterator[str]:
    """Receipts, settled editions and assessments are the files that the log named, and an edition stands on its settlement."""
    names, buried = set(package.names()), {one["sha256"] for one in told.get("gallrad", [])}
    ids = {one["rapport_id"] for one in package.json("data/rapporter.json")}
    for link in links:
        event = link["detaljer"]
        for name, expected in (event.get("filer") or {}).items():
            places = [f"{folder}/{link['nr']}/{name}" for folder in ("kvittenser", "utgavor")]
            found = [place for place in places if place in names]
            if any(sha256(package.read(place)) != expected for place in found):
                yield f"{found[0]} är inte filen som händelse {link['nr']} sparade"
            if not found and event.get("rapport_id") in ids and expected not in buried:
                yield f"{places[1]} saknas, men händelse {link['nr']} sparade den"
        if link["vad"] == "utgava_gjord" and event["rapport_id"] in ids:
            number, _, head = event["logghuvud"].partition(":")
            settled = links[int(number) - 1] if 0 < int(number) < link["nr"] else {}
            same = [settled.get("detaljer", {}).get(name) == event[name] for name in ("rapport_id", "innehallshash")]
            signed = "signatur" in settled.get("detaljer", {}) and settled["vad"] == "rapport_faststalld"
            if not (signed and all(same) and settled["hash"] == head):
                yield f"utgåvan i händelse {link['nr']} ({event['rapport_id']}) står inte på något signerat fastställande"


ACCEPTED = {
    "avstamning": ("differens_accepterad", {"kontroll": "kontroll", "differens_ore": "differens_ore"}),
    "rakenskaper": ("godtaget", {"id": "vad"}),
    "versionsval": ("version_vald", {"id": "val_id"}),
}


def check_accepted(package: Package, told: dict[str, list[Row]], closings: Row) -> Iterator[str]:
    """What someone has let stand, why and by which role is what the log says, and nothing of the period is left out."""
    own = (closings["kommun"], closings["period"])
    for kind, (vad, key) in ACCEPTED.items():
        events = {}
        for event in told.get(vad, []):
            if (event.get("kommun", own[0]), event.get("period", own[1])) == own:
                events[tuple(event[name] for name in key.values())] = event
        rows = {tuple(one[name] for name in key): one for one in package.json("data/godtaganden.json")[kind]}
        for named, one in rows.items():
            same = events.get(named, {})
            if not same or any(same[name] != value for name, value in one.items() if name in same and name != "tid"):
                yield f"godtagandet {named[0]} är inte det som loggen säger"
        for named in set(events) - set(rows) if kind != "versionsval" else ():
            yield f"godtagandet {named[0]} saknas, men loggen säger det"
