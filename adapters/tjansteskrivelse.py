"""The tjänsteskrivelse as a Word document that the kommun's office goes on writing in. The only importer of python-docx.

The same document gives the same bytes: dates come from the report, and the package is packed without the clock.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile

from transforms.tjansteskrivelse import Tjansteskrivelse

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_LANGUAGE = "sv-SE"


def write_tjansteskrivelse(skrivelse: Tjansteskrivelse) -> bytes:
    """The document as docx, with real headings and lists, in Swedish."""
    from docx import Document

    document = Document()
    _properties(document, skrivelse)
    document.add_paragraph(skrivelse.kommun)
    if skrivelse.marke:
        document.add_paragraph(skrivelse.marke)
    document.add_paragraph(f"{skrivelse.rubrik} till {skrivelse.till}")
    document.add_heading(skrivelse.arende, level=1)
    document.add_heading(skrivelse.forslag_rubrik, level=2)
    for line in skrivelse.forslag:
        document.add_paragraph(line, style="List Number")
    document.add_heading(skrivelse.sammanfattning_rubrik, level=2)
    for line in skrivelse.sammanfattning:
        document.add_paragraph(line)
    for heading, lines in (
        (skrivelse.bilagor_rubrik, skrivelse.bilagor),
        (skrivelse.sandlista_rubrik, skrivelse.sandlista),
    ):
        if lines:
            document.add_heading(heading, level=2)
            for line in lines:
                document.add_paragraph(line, style="List Bullet")
    document.add_paragraph(skrivelse.underlag)
    written = io.BytesIO()
    document.save(written)
    return _packed(written.getvalue())


def _properties(document, skrivelse: Tjansteskrivelse) -> None:  # type: ignore[no-untyped-def]
    from docx.oxml.ns import qn

    moment = dt.datetime.fromisoformat(skrivelse.moment).astimezone(dt.UTC).replace(tzinfo=None)
    core = document.core_properties
    core.title, core.author, core.language = f"{skrivelse.rubrik}: {skrivelse.arende}", skrivelse.kommun, _LANGUAGE
    core.created = core.modified = moment
    core.last_modified_by, core.revision, core.comments = skrivelse.kommun, 1, ""
    fonts = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    if fonts is not None:
        fonts.set(qn("w:val"), _LANGUAGE)


def _packed(content: bytes) -> bytes:
    """The package again with no clock in it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            target.writestr(entry, source.read(name))
    return packed.getvalue()
