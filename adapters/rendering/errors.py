"""What can go wrong while a report is rendered."""

from __future__ import annotations


class RenderingError(Exception):
    """A report could not be rendered. Nothing half-done is handed out.

    Attributes:
        code: R101 wrong view, R102 wrong profile, R103 the PDF engine complained, R104 a forbidden address, R105 wrong
            font, R106 a worker process ended.
        report: the report's id.
        message: what is wrong and what to do, in Swedish.
    """

    def __init__(self, code: str, report: str, message: str) -> None:
        super().__init__(code, report, message)
        self.code = code
        self.report = report
        self.message = message

    def __str__(self) -> str:
        return f"{self.code} {self.report}: {self.message}"
