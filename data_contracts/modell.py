"""What all configuration files share: the frozen base model, and the types of codes, names, colours and times."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Kod = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9_.\-]{1,40}$", description="Kod: bokstäver a–z, siffror, punkt, bindestreck, understreck."
    ),
]
Namn = Annotated[str, Field(min_length=1, max_length=200)]
Farg = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]
Tid = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class SammanhangsFel(ValueError):
    """Parts of the configuration that do not fit each other: all of them, each with its path from the part that was checked."""

    def __init__(self, fel: list[tuple[tuple[str | int, ...], str]]) -> None:
        super().__init__("; ".join(text for _, text in fel))
        self.fel = tuple(fel)


class Modell(BaseModel):
    """Base of all parts: frozen, and an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")
