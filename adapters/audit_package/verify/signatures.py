"""Signatures (Ed25519, RFC 8032), and the rights that they and the acceptances were made by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from adapters.audit_package.verify.basics import Row, canonical

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
Point = tuple  # type: ignore[type-arg]


def add(a: Point, b: Point) -> Point:
    """The sum of two points in extended coordinates."""
    one, two = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    three, four = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = two - one, four - three, four + three, two + one
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(number: int, point: Point) -> Point:
    result: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = add(result, point)
        point, number = add(point, point), number >> 1
    return result


def point_of(content: bytes) -> Point:
    """The point that 32 bytes stand for; ValueError when they stand for none."""
    y = int.from_bytes(content, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        raise ValueError("ingen punkt på kurvan")
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


BASE = point_of(bytes.fromhex("58" + "66" * 31))


def is_signed(content: bytes, signature: str, key: str) -> bool:
    """True when the signature is that key's over exactly these bytes."""
    try:
        raw, public = bytes.fromhex(signature), bytes.fromhex(key)
        first, owner, second = point_of(raw[:32]), point_of(public), int.from_bytes(raw[32:], "little")
    except ValueError:
        return False
    if len(raw) != 64 or len(public) != 32 or second >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(raw[:32] + public + content).digest(), "little") % ORDER
    a, b = times(second, BASE), add(first, times(challenge, owner))
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


STEPS = {
    "rapport_granskad": "granska",
    "rapport_faststalld": "faststalla",
    "rapport_aterkallad": "aterkalla",
    "period_oppnad": "oppna",
    "politiskt_beslut": "beslut",
    "revisorernas_bedomning": "beslut",
    "godtaget": "godta",
    "differens_accepterad": "godta",
    "version_vald": "valj_version",
}


def check_signatures(links: list[Row]) -> Iterator[str]:
    """Every signature of the log holds for what its event says; it and every acceptance are by an account with that right."""
    rules: Row = {}
    reviewed: dict[tuple[Any, ...], str] = {}
    for link in links:
        told = link["detaljer"]
        about = tuple(told.get(name) for name in ("rapport_id", "version", "innehallshash"))
        if link["vad"] == "behorighet_galler":
            rules = told
        elif link["vad"] in STEPS and rules:
            fault = rights_fault(link, rules, reviewed.get(about, ""))
            if fault:
                yield f"händelse {link['nr']} ({link['vad']}, {link['anvandare']}): {fault}"
        if link["vad"] == "rapport_granskad":
            reviewed[about] = link["anvandare"]
        if "signatur" not in told:
            continue
        content = {name: value for name, value in told.items() if name not in ("signatur", "nyckel")}
        content.update(steg=link["vad"], anvandare=link["anvandare"], roll=link["roll"], tid=link["tid"])
        if not is_signed(canonical(content).encode(), told["signatur"], told["nyckel"]):
            yield f"signaturen i händelse {link['nr']} ({link['vad']}, {link['anvandare']}) gäller inte det som står där"


def rights_fault(link: Row, rules: Row, reviewer: str) -> str:
    """Why the rules in force did not allow the step; '' when they did."""
    konto: Row = next((one for one in rules["konton"] if one["anvandare"] == link["anvandare"]), {})
    if konto.get("roll") != link["roll"] or link["detaljer"].get("roll", link["roll"]) != link["roll"]:
        return "kontot hade inte den rollen i behorighet.yaml"
    if "signatur" in link["detaljer"] and konto.get("nyckel") != link["detaljer"]["nyckel"]:
        return "kontot hade inte den nyckeln i behorighet.yaml"
    if STEPS[link["vad"]] not in konto["far"]:
        return "rollen fick inte ta steget enligt behorighet.yaml"
    is_same = link["vad"] == "rapport_faststalld" and rules["fyra_ogon"] and reviewer == link["anvandare"]
    return "samma konto har granskat" if is_same else ""
