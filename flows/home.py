"""A kommun's home: the folder with its configuration, inbox, store and reports. One URL each moves them elsewhere."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

CHECKOUT = Path(__file__).resolve().parent.parent


class Hemfel(RuntimeError):
    """The home is not there or its settings can't be read (E904). The message is Swedish and says what to do."""


class Installningar(BaseModel):
    """``installningar.yaml``: where things are. Everything may be left out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    databas: str | None = Field(None, description="SQLAlchemy-adress; utan den en SQLite-fil i hemmet.")
    objekt: str | None = Field(None, description="fsspec-adress till lagret med oförändrade filer.")
    inkorg: str | None = Field(None, description="fsspec-adress till mappen där returerna läggs.")
    processer: int | None = Field(
        None, ge=1, le=64, description="Antal processer som gör rapporter; utan det en per kärna."
    )


@dataclass(frozen=True, slots=True)
class Hem:
    """The home of one kommun, with every address worked out."""

    path: Path
    databas: str
    objekt: str
    inkorg: str
    processer: int

    @property
    def kommun_yaml(self) -> Path:
        """The kommun's configuration."""
        return self.path / "kommun.yaml"

    def mallar(self, period: str) -> Path:
        """Where the templates of a period are written."""
        return self.path / "mallar" / period

    def utkast(self, period: str) -> Path:
        """Where the drafts of a period's reports are laid out, waiting for approval."""
        return self.path / "utkast" / period


def open_home(path: Path | None) -> Hem:
    """The home named on the command line, else by RODATRADEN_HEM, else the current folder.

    RODATRADEN_DATABAS in the environment goes before ``installningar.yaml``, so that no password need stand in a file.

    Raises:
        Hemfel: E904, there is no kommun.yaml there, or the settings are wrong.
    """
    home = (path or Path(os.environ.get("RODATRADEN_HEM", "."))).resolve()
    if not (home / "kommun.yaml").is_file():
        raise Hemfel(
            f"E904 {home} är inget kommunhem: kommun.yaml saknas. Ange mappen med --kommun eller RODATRADEN_HEM, "
            "eller skapa ett med: rodatraden ny-kommun MAPP"
        )
    settings = _settings(home / "installningar.yaml")
    store = home / "lager"
    return Hem(
        path=home,
        databas=os.environ.get("RODATRADEN_DATABAS") or settings.databas or f"sqlite:///{store / 'rodatraden.db'}",
        objekt=settings.objekt or str(store / "objekt"),
        inkorg=settings.inkorg or str(home / "inkorg"),
        processer=settings.processer or len(os.sched_getaffinity(0)),
    )


def open_home_at(path: str) -> Hem:
    """``open_home`` for flows, whose parameters are text."""
    return open_home(Path(path))


def _settings(path: Path) -> Installningar:
    if not path.is_file():
        return Installningar()
    try:
        return Installningar.model_validate(YAML(typ="safe").load(path.read_text("utf-8")) or {})
    except (YAMLError, ValidationError) as error:
        raise Hemfel(
            f"E904 {path} går inte att läsa: {error}. Rätta filen, eller ta bort den för att få grundläget."
        ) from error


def make_home(path: Path, example: Path) -> Hem:
    """A new home at ``path`` with the example kommun's configuration as a start. Nothing that is there is written over.

    Raises:
        Hemfel: E904, there is a kommun.yaml there already.
    """
    if (path / "kommun.yaml").exists():
        raise Hemfel(f"E904 {path} har redan en kommun.yaml. Välj en annan mapp.")
    (path / "inkorg").mkdir(parents=True, exist_ok=True)
    (path / "lager").mkdir(exist_ok=True)
    (path / "kommun.yaml").write_bytes((example / "kommun.yaml").read_bytes())
    return open_home(path)
