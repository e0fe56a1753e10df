"""The summary that the economy office gets after each scheduled run: what came, what did not, what was sent, what needs a person."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.delivery_letter import Brevblock, Brevtext
from transforms.wording import Wording


@dataclass(frozen=True, slots=True)
class Lagesunderlag:
    """What one run is told of. Each list holds ready sentences and may be empty.

    Attributes:
        korning: what ran, as 'Hämta returer'. tid: when, as '12 maj 2026 kl. 07.00'.
        fel: why the run was broken off; '' when it went through.
        kom, kom_inte, sant, manniska: what came, what did not, what was sent, what needs a person.
        logghuvud: the audit log's head then.
    """

    kommun: str
    marke: str
    korning: str
    tid: str
    fel: str
    kom: tuple[str, ...]
    kom_inte: tuple[str, ...]
    sant: tuple[str, ...]
    manniska: tuple[str, ...]
    logghuvud: str


def write_health(underlag: Lagesunderlag, wording: Wording) -> Brevtext:
    """The mail. Every part is there also when nothing happened, so that its silence is never the program's."""
    text = wording.filled
    waiting = len(underlag.manniska) + bool(underlag.fel)
    state = "avbrott" if underlag.fel else "handling" if waiting else "lugnt"
    counted = {"antal": str(waiting)} if state == "handling" else {}
    subject = text(f"lage_amne_{state}", kommun=underlag.kommun, korning=underlag.korning, **counted)
    parts = (
        ("manniska", underlag.manniska),
        ("kom", underlag.kom),
        ("kom_inte", underlag.kom_inte),
        ("sant", underlag.sant),
    )
    blocks = [Brevblock("", (underlag.marke,))] if underlag.marke else []
    if underlag.fel:
        blocks.append(Brevblock(text("lage_fel"), (underlag.fel,)))
    blocks += [Brevblock(text(f"lage_{name}"), () if lines else (text("lage_inget"),), lines) for name, lines in parts]
    ended = text("lage_slut", korning=underlag.korning, tid=underlag.tid)
    blocks.append(Brevblock("", (ended, text("brev_huvud", huvud=underlag.logghuvud))))
    return Brevtext(subject, text(f"lage_rubrik_{state}", **counted), tuple(blocks), "", "")
