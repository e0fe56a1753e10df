"""HTML to PDF: one file that is PDF/A-3a and PDF/UA-1, with the xlsx appendix attached. The only importer of WeasyPrint.

Nothing is fetched but the bundled typeface and inline data; nothing that WeasyPrint complains about is let through.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import io
import logging
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pydyf
import weasyprint
from cssselect2 import ElementWrapper  # type: ignore[import-untyped]
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from adapters.rendering.errors import RenderingError
from adapters.rendering.html import FONT_FAMILY, FONT_SCHEME, FONTS, TEMPLATES
from transforms.open_data import trails_json
from transforms.view_types import Lage, Rapport

VARIANT = "pdf/a-3a"
TRAIL_BASE = "https://spar.invalid/"
"""Stands before a trail's address while WeasyPrint works, which takes no relative ones; the finished file has what is after it."""
PASSPORT = {"data-siffra": "Siffra", "data-siffror": "Siffror", "data-fritext": "Fritext"}
"""Attributes of the HTML that become properties of the PDF's marked content."""
JSON_TYPE = "application/json"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ARCHIVE_VARIANT = "pdf/a-2a"
"""For the archive: no attachments but PDF/A ones are allowed in it, so the xlsx is kept beside."""
# PDF/A knows no PDF/UA: its identifier must be described by an extension schema (ISO 19005-3, 6.6.2.3.2).
_PDFUA_XMP = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates which part of ISO 14289 the file follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""


class _BundleFetcher(URLFetcher):  # type: ignore[misc]
    """Denies every address but the bundled typeface and inline data."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The response, or FatalURLFetchingError, which WeasyPrint does not swallow."""
        if url in {f"{FONT_SCHEME}{name}.ttf" for name in FONTS.values()}:
            data = (TEMPLATES / "typsnitt" / url.removeprefix(FONT_SCHEME)).read_bytes()
            return URLFetcherResponse(url, data, {"Content-Type": "font/ttf"})
        if url.startswith("data:"):
            return super().fetch(url, headers)
        raise FatalURLFetchingError(f"adressen {url!r} får inte hämtas")


class _Page(weasyprint.HTML):  # type: ignore[misc]
    """A page of our own templates. They are XML too, so expat reads them, in a twentieth of the time of the HTML parser."""

    def __init__(self, page: bytes) -> None:
        """What WeasyPrint's own reading sets, from a tree that says the same.

        Raises:
            ParseError: the page is not XML, or says something else as XML.
        """
        self.base_url, self.url_fetcher, self.media_type = None, _BundleFetcher(), "print"
        tree = ElementTree.fromstring(page)  # noqa: S314 - our own text, escaped
        if tree.find(".//svg") is not None:
            raise ElementTree.ParseError("a picture without its namespace is one in HTML alone")
        self.wrapper_element = ElementWrapper.from_html_root(tree, content_language=None)
        self.etree_element = self.wrapper_element.etree_element


def _opened(page: bytes) -> weasyprint.HTML:
    """The page, read as XML; as HTML where something in it is no XML."""
    try:
        return _Page(page)
    except ElementTree.ParseError:
        return weasyprint.HTML(string=page.decode("utf-8"), url_fetcher=_BundleFetcher())


class _Complaints(logging.Handler):
    """Collects what WeasyPrint warns of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps the message."""
        self.messages.append(record.getMessage())


@contextlib.contextmanager
def _no_complaints(report: str) -> Iterator[None]:
    """Turns every warning and error that WeasyPrint only logs into a RenderingError."""
    logger, handler = logging.getLogger("weasyprint"), _Complaints()
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)
    if handler.messages:
        raise RenderingError("R103", report, f"PDF-motorn varnade: {handler.messages[0]}")


def _is_in_thead(row: dict[str, Any], by_reference: dict[bytes, dict[str, Any]]) -> bool:
    """True for a header row's structure element."""
    return by_reference[row["P"]]["S"] == "/THead"


def _passport(element: Any) -> dict[str, pydyf.String]:
    """What the marked content of an element says of itself: the figure it shows, those of a picture, or that it is written text."""
    given = {} if element is None else element.attrib
    return {key: pydyf.String(given[name]) for name, key in PASSPORT.items() if name in given}


def _with_passport(original: Callable[..., Any]) -> Callable[..., Any]:
    """``Stream.marked`` that writes the passport into the properties of the marked content, where nothing is seen of it."""

    @contextlib.contextmanager
    def marked(stream: Any, box: Any, tag: str) -> Iterator[None]:
        with original(stream, box, tag):
            if stream.stream[-1] == b"BDC":
                stream.stream[-2].update(_passport(box.element))
            yield

    return marked


@cache
def _kept(kind: Any) -> Any:
    """The kind of object whose bytes are made once."""
    return type(kind.__name__, (kind,), {"data": cached_property(kind.data.fget)})


def _write_once(each: Any) -> None:
    """Nothing changes in the object any more: the engine writes every one, and then all again for the file's identifier."""
    each.__class__ = _kept(each.__class__)


class _Pdf(pydyf.PDF):  # type: ignore[misc]
    """The engine's file, with less done over again. The same bytes."""

    _references: tuple[bytes, ...] = ()
    _is_finished = False

    @property
    def page_references(self) -> tuple[bytes, ...]:
        """Every page's reference, asked for at each element of the structure; made anew only when a page has been added."""
        if len(self._references) * 3 != len(self.pages["Kids"]):
            self._references = super().page_references
        return self._references

    def add_object(self, object_: Any) -> None:
        """As the engine's; nothing changes in an object that is added while the file is written."""
        super().add_object(object_)
        if self._is_finished:
            _write_once(object_)

    def finish(self) -> None:
        """Nothing changes any more: each object's bytes are made once."""
        self._is_finished = True
        for each in self.objects:
            if each.free != "f":
                _write_once(each)


weasyprint.pdf.stream.Stream.marked = _with_passport(weasyprint.pdf.stream.Stream.marked)
pydyf.PDF = _Pdf


def _finish(_document: weasyprint.Document, pdf: _Pdf) -> None:
    """Gives every header cell its scope, which WeasyPrint leaves out, the attachments their types, and links their own addresses."""
    types = iter((XLSX_TYPE, JSON_TYPE))
    elements = [obj for obj in pdf.objects if isinstance(obj, pydyf.Dictionary) and obj.get("Type") == "/StructElem"]
    by_reference = {element.reference: element for element in elements}
    for element in elements:
        if element["S"] == "/TH":
            row = by_reference[element["P"]]
            element["A"]["Scope"] = "/Column" if _is_in_thead(row, by_reference) else "/Row"
    for obj in pdf.objects:
        if isinstance(obj, pydyf.Stream) and obj.extra.get("Type") == "/EmbeddedFile":
            obj.extra["Subtype"] = f"/{next(types).replace('/', '#2f')}"
        elif isinstance(obj, pydyf.Dictionary) and obj.get("Subtype") == "/Link" and "A" in obj:
            address = str(obj["A"]["URI"].string).removeprefix(TRAIL_BASE)
            obj["A"]["URI"] = pydyf.String(address)
            obj["Contents"] = pydyf.String(f"Siffrans spår: {unquote(address.partition('#')[2])}")
    pdf.finish()


def _describe(document: weasyprint.Document, rapport: Rapport, xlsx: bytes | None, time: str) -> None:
    """Dates, the PDF/UA identifier, and, where there is an appendix, it and the trails that a machine can read."""
    moment = dt.datetime.fromisoformat(time)
    metadata = document.metadata
    original = metadata.generate_rdf_metadata
    metadata.generate_rdf_metadata = lambda *args: original(*args).replace(b"</rdf:RDF>", _PDFUA_XMP + b"</rdf:RDF>")
    metadata.created = metadata.modified = time
    if xlsx is None:
        return
    metadata.attachments = [
        weasyprint.Attachment(
            file_obj=io.BytesIO(content),
            name=f"{rapport.id}{suffix}",
            description=f"{what} i {rapport.titel}",
            relationship=relationship,
            created=moment,
            modified=moment,
        )
        for content, suffix, what, relationship in (
            (xlsx, ".xlsx", "Siffrorna", "Source"),
            (trails_json(rapport).encode("utf-8"), "-spar.json", "Spåren för siffrorna", "Data"),
        )
    ]


def render_pdf(
    rapport: Rapport, lage: Lage, html: bytes, xlsx: bytes | None, time: str, *, variant: str = VARIANT
) -> bytes:
    """The PDF of a report, from its HTML for paper; the same bytes for the same input.

    ``time`` (UTC, ISO with Z) is the time of the newest input: a PDF is dated by what it stands on, not by the clock.

    Raises:
        RenderingError: R101, R103, R104, R105.
    """
    identifier = hashlib.sha256(
        f"{rapport.id} {lage.innehallshash} {lage.version} {lage.tillstand} {lage.logghuvud}".encode()
    ).digest()
    try:
        with _no_complaints(rapport.id):
            document = _opened(html).render(pdf_variant=variant)
            _describe(document, rapport, xlsx, time)
            pdf: bytes = document.write_pdf(finisher=_finish, pdf_identifier=identifier[:16], pdf_variant=variant)
    except FatalURLFetchingError as error:
        raise RenderingError(
            "R104", rapport.id, f"{error}; mallar och stilar får bara använda medföljande filer."
        ) from None
    strange = sorted({font.family for font in document.fonts.values()} - {FONT_FAMILY})
    if strange:
        raise RenderingError("R105", rapport.id, f"typsnittet {strange[0]} används, men bara {FONT_FAMILY} ska ingå.")
    return pdf
