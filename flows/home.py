"""A kommun's home: the folder with its configuration, inbox, store and reports. One URL each moves them elsewhere."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, model_validator

from adapters.kommun_config import MALPLAN, goal_files, load_model
from adapters.mail import Mailserver
from data_contracts.behorighet import Behorighet
from data_contracts.vagar import BrevladaVag, MappVag, Objektlager, Vag

if TYPE_CHECKING:
    from adapters.kolada import Koladaserver

SCHEMA = "kommun.schema.json"
CHECKOUT = Path(__file__).resolve().parent.parent
HEMMETS = "inkorg"
"""The name of the way in that every home has: its own inbox."""


class Hemfel(RuntimeError):
    """The home is not there, or is there already (E904). The message is Swedish and says what to do."""


class Epost(BaseModel):
    """``epost`` in ``installningar.yaml``: the kommun's own mail server. User and password come from the environment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    server: str = Field(min_length=1, description="E-postserverns namn.")
    port: int = Field(587, ge=1, le=65535)
    starttls: bool = Field(
        True, description="Kryptera anslutningen; false bara för en server på samma maskin eller nät."
    )
    avsandare: str = Field(pattern=r"^[^@\s]+@[^@\s]+$", description="Adressen som utskicken kommer från.")


class KoladaInstallning(BaseModel):
    """``kolada`` in ``installningar.yaml``: the API. Without it nothing is ever asked over the network."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    adress: str = Field(pattern=r"^https?://", description="API:ets adress, https://api.kolada.se/v3/ hos RKA.")
    anrop_per_sekund: float = Field(5.0, gt=0, le=1000)


class Installningar(BaseModel):
    """``installningar.yaml``: where things are, and how returns come in. Everything may be left out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    databas: str | None = Field(None, description="SQLAlchemy-adress; utan den en SQLite-fil i hemmet.")
    objekt: str | None = Field(None, description="fsspec-adress till lagret med oförändrade filer.")
    inkorg: str | None = Field(None, description="fsspec-adress till mappen där returerna läggs.")
    vagar: tuple[Vag, ...] = Field((), description="Fler vägar in: mappar, SFTP, objektlager och brevlådor.")
    lugn_sekunder: int = Field(
        5, ge=0, le=600, description="En fil utan eget slutmärke (csv) ska ha legat orörd så länge innan den läses."
    )
    huvudbok: str | None = Field(None, description="fsspec-adress till mappen där huvudbokens SIE-filer läggs.")
    processer: int | None = Field(
        None, ge=1, le=64, description="Antal processer som gör rapporter; utan det en per kärna."
    )
    publicering: str | None = Field(None, description="fsspec-adress till mappen där fastställda rapporter publiceras.")
    publik_adress: str | None = Field(
        None, pattern=r"^https?://\S+$", description="Webbadressen som publiceringsmappen läses på."
    )
    diarium: str | None = Field(None, description="fsspec-adress till mappen för diarieföringspaket.")
    objektlager: Objektlager | None = Field(
        None, description="Objektlagret (S3) som adresserna s3://… i publicering och diarium ligger i."
    )
    bilaga_max_mb: int = Field(10, ge=0, le=100, description="Större PDF-filer länkas i stället för att bifogas.")
    logghuvud: str | None = Field(
        None, description="Fil där granskningsloggens huvud skrivs; lägg den helst på en annan disk än lagret."
    )
    epost: Epost | None = Field(
        None, description="E-postserver för mallar, påminnelser och kvittenser; utan den skickas inget."
    )
    kolada: KoladaInstallning | None = Field(None, description="Koladas API; utan det hämtas inget från Kolada.")

    @model_validator(mode="after")
    def _ways_apart(self) -> Installningar:
        names = [HEMMETS, *(vag.namn for vag in self.vagar)]
        for namn in names:
            if names.count(namn) > 1:
                raise ValueError(f"vägen {namn} finns två gånger")
        if self.epost is None and any(isinstance(vag, BrevladaVag) and vag.svara for vag in self.vagar):
            raise ValueError("en brevlåda som ska besvaras kräver epost; sätt annars svara: false")
        if self.publik_adress and not self.publicering:
            raise ValueError("publik_adress kräver publicering: mappen som läses på adressen")
        return self


@dataclass(frozen=True, slots=True)
class Hem:
    """The home of one kommun, with every address worked out."""

    path: Path
    databas: str
    objekt: str
    inkorg: str
    huvudbok: str
    processer: int
    epost: Mailserver | None = None
    kolada: Koladaserver | None = None
    vagar: tuple[Vag, ...] = ()
    lugn_sekunder: int = 5
    logghuvud: Path | None = None
    publicering: str | None = None
    publik_adress: str = ""
    diarium: str | None = None
    bilaga_max_mb: int = 10
    objektlager: Objektlager | None = None

    @property
    def alla_vagar(self) -> tuple[Vag, ...]:
        """Every way in: the home's own inbox first."""
        return (MappVag(typ="mapp", namn=HEMMETS, adress=self.inkorg), *self.vagar)

    @property
    def kommun_yaml(self) -> Path:
        """The kommun's configuration."""
        return self.path / "kommun.yaml"

    @property
    def behorighet_yaml(self) -> Path:
        """Who may do what; the file need not be there, and then nobody may sign, send or remove anything."""
        return self.path / "behorighet.yaml"

    @property
    def huvudfil(self) -> Path:
        """Where the audit log's head is written, outside the store."""
        return self.logghuvud or self.path / "logghuvud.txt"

    def mallar(self, period: str) -> Path:
        """Where the templates of a period are written."""
        return self.path / "mallar" / period

    def kvittenser(self, period: str) -> Path:
        """Where the receipts of a period's returns are laid out, with their rättelseböcker."""
        return self.path / "kvittenser" / period

    @property
    def prognoshistorik(self) -> Path | None:
        """Earlier years' prognoser, typed in: ``prognoshistorik.csv`` or ``.xlsx``; None when there is no such file."""
        there = (self.path / f"prognoshistorik{suffix}" for suffix in (".csv", ".xlsx"))
        return next((path for path in there if path.is_file()), None)

    def rattelser(self, year: int) -> Path:
        """The declared corrections of a year's periods; the file need not be there."""
        return self.path / "rattelser" / f"{year}.yaml"

    @property
    def tavla(self) -> Path:
        """Where Stängningstavlan is written."""
        return self.path / "tavla"

    def internt(self, period: str) -> Path:
        """Where the internal reading of a period's trails is laid out, with cells: for the economy office and revisorerna."""
        return self.path / "internt" / period

    def texter(self, period: str) -> Path:
        """Where the written texts of a period's delårsrapport or årsredovisning are laid."""
        return self.path / "texter" / period

    def faststallda(self, period: str) -> Path:
        """Where the settled reports of a period are laid out."""
        return self.path / "faststallda" / period

    def utkast(self, period: str) -> Path:
        """Where the drafts of a period's reports are laid out, waiting for approval."""
        return self.path / "utkast" / period

    def samtal(self, period: str) -> Path:
        """Where the packs for resultatdialoger and the page for those who live in the kommun are written."""
        return self.path / "samtal" / period


def open_home(path: Path | None) -> Hem:
    """The home named on the command line, else by RODATRADEN_HEM, else the current folder.

    RODATRADEN_DATABAS in the environment goes before ``installningar.yaml``, so that no password need stand in a file.

    Raises:
        Hemfel: E904, there is no kommun.yaml there. KonfigurationsFel: E010, the settings are wrong.
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
        objekt=_address(home, settings.objekt or "lager/objekt"),
        inkorg=_address(home, settings.inkorg or "inkorg"),
        huvudbok=_address(home, settings.huvudbok or "huvudbok"),
        processer=settings.processer or len(os.sched_getaffinity(0)),
        epost=None if settings.epost is None else _mailserver(settings.epost),
        vagar=tuple(_placed(home, vag) for vag in settings.vagar),
        lugn_sekunder=settings.lugn_sekunder,
        publicering=None if settings.publicering is None else _address(home, settings.publicering),
        publik_adress=(settings.publik_adress or "").rstrip("/"),
        diarium=None if settings.diarium is None else _address(home, settings.diarium),
        bilaga_max_mb=settings.bilaga_max_mb,
        objektlager=settings.objektlager,
        logghuvud=None if settings.logghuvud is None else home / settings.logghuvud,
        kolada=None if settings.kolada is None else _koladaserver(settings.kolada),
    )


def _placed(home: Path, vag: Vag) -> Vag:
    """The way with its folder counted from the home."""
    return vag.model_copy(update={"adress": _address(home, vag.adress)}) if isinstance(vag, MappVag) else vag


def _mailserver(epost: Epost) -> Mailserver:
    """The settings with the login from the environment, so that no password need stand in a file."""
    return Mailserver(
        **epost.model_dump(),
        anvandare=os.environ.get("RODATRADEN_SMTP_ANVANDARE", ""),
        losenord=os.environ.get("RODATRADEN_SMTP_LOSENORD", ""),
    )


def _koladaserver(kolada: KoladaInstallning) -> Koladaserver:
    """Imported here: every verb opens a home, and few ask Kolada, whose module takes pandas with it."""
    from adapters.kolada import Koladaserver

    return Koladaserver(**kolada.model_dump())


def _address(home: Path, text: str) -> str:
    """An address with a protocol as it stands; a path counts from the home, wherever the program is started."""
    return text if "://" in text else str(home / text)


def open_home_at(path: str) -> Hem:
    """``open_home`` for flows, whose parameters are text."""
    return open_home(Path(path))


def _settings(path: Path) -> Installningar:
    if not path.is_file() or _says_nothing(path):
        return Installningar()
    return load_model(path, Installningar)


def load_behorighet(hem: Hem) -> Behorighet:
    """Who may do what in the home; nobody anything where it has no such file.

    Raises:
        KonfigurationsFel: E010, the file is wrong.
    """
    path = hem.behorighet_yaml
    return load_model(path, Behorighet) if path.is_file() else Behorighet(referens="behorighet.yaml saknas")


def _says_nothing(path: Path) -> bool:
    """True for a file of blank lines and comments."""
    return all(line.strip()[:1] in (b"", b"#") for line in path.read_bytes().splitlines())


def make_home(path: Path, example: Path) -> Hem:
    """A new home at ``path`` with the example kommun's configuration, and its schema for editors. Nothing that is there is written over.

    Raises:
        Hemfel: E904, there is a kommun.yaml there already.
    """
    if (path / "kommun.yaml").exists():
        raise Hemfel(f"E904 {path} har redan en kommun.yaml. Välj en annan mapp.")
    (path / "inkorg").mkdir(parents=True, exist_ok=True)
    (path / "lager").mkdir(exist_ok=True)
    shutil.copyfile(example.parent / SCHEMA, path / SCHEMA)
    described = (example / "kommun.yaml").read_text(encoding="utf-8")
    for file in goal_files(example / "kommun.yaml"):
        (path / MALPLAN).mkdir(exist_ok=True)
        shutil.copyfile(file, path / MALPLAN / file.name)
    (path / "kommun.yaml").write_text(described.replace(f"$schema=../{SCHEMA}", f"$schema={SCHEMA}"), encoding="utf-8")
    return open_home(path)
