"""A local server that speaks Kolada's API: pages, 429 with Retry-After, missing, deleted and revised values, and faults on demand."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

Reply = tuple[int, dict[str, str], bytes]


@dataclass
class FakeKolada:
    """What the server answers with, and what it has been asked.

    Attributes:
        values: (nyckeltal, kommun, year) → the list of values of the three genders, as the API gives them.
        groups: members of each kommungrupp, name by code.
        page_size: the most items on a page, whatever the client asks for.
        next_replies: given instead of an answer, first one first.
        asked: path and parameters of every call.
    """

    values: dict[tuple[str, str, int], list[dict[str, Any]]] = field(default_factory=dict)
    groups: dict[str, dict[str, str]] = field(default_factory=dict)
    page_size: int = 5000
    next_replies: list[Reply] = field(default_factory=list)
    asked: list[tuple[str, dict[str, list[str]]]] = field(default_factory=list)
    adress: str = ""

    def put(self, nyckeltal: str, kommun: str, ar: int, *, T: Any = None, **more: Any) -> None:
        """Set the values of one kommun and year: T, K and M; a dict in place of a number is taken as it stands."""
        given = {"T": T, **more}
        self.values[nyckeltal, kommun, ar] = [
            value
            if isinstance(value, dict)
            else {
                "gender": gender, "count": 1, "status": "Missing" if value is None else "", "value": value, "isdeleted": False,
            }
            for gender, value in given.items()
        ]  # fmt: skip

    def answer(self, path: str, query: dict[str, list[str]]) -> Reply:
        """What the API says to one call."""
        self.asked.append((path, query))
        if self.next_replies:
            return self.next_replies.pop(0)
        if path.startswith("/v3/municipality_groups/"):
            grupp = path.strip("/").rpartition("/")[2]
            members = [{"member_id": kod, "member_title": namn} for kod, namn in self.groups.get(grupp, {}).items()]
            found = [{"id": grupp, "title": "Liknande kommuner", "members": members}] if grupp in self.groups else []
            return (
                200,
                {"Content-Type": "application/json"},
                json.dumps({"values": found, "count": len(found)}).encode(),
            )
        if path != "/v3/data/":
            return 404, {}, b'{"detail": "Not Found"}'
        found = [
            {"kpi": kpi, "municipality": kommun, "period": ar, "values": values}
            for (kpi, kommun, ar), values in sorted(self.values.items())
            if kpi in query["kpi_id"] and kommun in query["municipality_id"] and str(ar) in query["year"]
        ]
        size, page = min(self.page_size, int(query["per_page"][0])), int(query["page"][0])
        part = found[(page - 1) * size : page * size]

        def address(number: int) -> str:
            return f"{self.adress}data/?{urlencode({**query, 'page': number}, doseq=True)}"

        body = {
            "values": part,
            "count": len(found),
            "next_url": address(page + 1) if page * size < len(found) else None,
            "previous_url": address(page - 1) if page > 1 else None,
        }
        return 200, {"Content-Type": "application/json"}, json.dumps(body, ensure_ascii=False).encode()


@contextmanager
def kolada_server() -> Iterator[FakeKolada]:
    """The server on a port of its own for as long as it is used; ``adress`` ends in /v3/."""
    fake = FakeKolada()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fake.answer))
    fake.adress = f"http://127.0.0.1:{server.server_address[1]}/v3/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(answer: Callable[[str, dict[str, list[str]]], Reply]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            status, headers, body = answer(parts.path, parse_qs(parts.query))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Nothing on the terminal."""

    return Handler
