"""The mail that a settled report goes out with: an accessible summary, where the report is, and what has changed since the last one."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.report_diff import Skillnad, difference_lines
from transforms.view_types import Lage, Nyckeltal, Rapport
from transforms.wording import Wording


@dataclass(frozen=True, slots=True)
class Brevblock:
    """A part of the mail: heading ('' for none), paragraphs, list."""

    rubrik: str
    stycken: tuple[str, ...] = ()
    punkter: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Brevtext:
    """The mail as ready text. ``adress``: where the report is read, '' when it is only attached."""

    amne: str
    rubrik: str
    block: tuple[Brevblock, ...]
    adress: str
    lanktext: str

    @property
    def text(self) -> str:
        """The whole as plain text."""
        lines = [self.rubrik, ""]
        for block in self.block:
            if block.rubrik:
                lines += [block.rubrik.upper(), ""]
            for paragraph in block.stycken:
                lines += [paragraph, ""]
            if block.punkter:
                lines += [*(f"- {point}" for point in block.punkter), ""]
        if self.adress:
            lines += [f"{self.lanktext}: {self.adress}", ""]
        return "\n".join(lines)


def write_delivery(
    rapport: Rapport,
    lage: Lage,
    wording: Wording,
    *,
    adress: str,
    bifogad: bool,
    logghuvud: str,
    skillnad: Skillnad | None,
) -> Brevtext:
    """The mail about one report. The sentences of the summary are the report's own.

    Args:
        bifogad: whether the PDF is attached; else the mail says where it is.
        logghuvud: the audit log's head when the mail was taken to be sent.
        skillnad: what differs from the version that the recipient has; None when it has none.
    """
    text = wording.filled
    kind = "rattad" if skillnad is not None else "ny"
    subject = text(f"brev_amne_{kind}", titel=rapport.titel, kommun=rapport.kommun)
    summary = rapport.sektioner[0] if rapport.sektioner else None
    said = () if summary is None else tuple(one.text for one in (*summary.meningar, *summary.punkter))
    blocks = [Brevblock("", (text("brev_bifogad") if bifogad else text("brev_lank"),))]
    if skillnad is not None:
        lines = difference_lines(skillnad) or (text("brev_ingen_skillnad"),)
        blocks.append(Brevblock(text("brev_rattelse"), (text("brev_rattelse_text", version=str(lage.version)),), lines))
    blocks += [
        Brevblock(text("brev_sammanfattning"), (), said),
        Brevblock(text("brev_nyckeltal"), (), tuple(_key_figure(one) for one in rapport.nyckeltal)),
        Brevblock(
            text("brev_prova"),
            (
                text("brev_hash", version=str(lage.version), hash=lage.innehallshash),
                *lage.signaturer,
                text("brev_huvud", huvud=logghuvud),
            ),
        ),
    ]
    if rapport.marke:
        blocks.insert(0, Brevblock("", (rapport.marke,)))
    return Brevtext(subject, rapport.titel, tuple(blocks), adress, text("brev_lanktext"))


def _key_figure(one: Nyckeltal) -> str:
    value = one.varde.text if one.varde.saknas else f"{one.varde.text} {one.enhet}"
    return ", ".join(part for part in (f"{one.namn}: {value}", one.lage_text, one.jamforelse) if part)
