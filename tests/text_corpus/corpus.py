"""The corpus as sections with facts, and sentences with what is wrong in them."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from adapters.contract_files import load_textord
from transforms.text_check import Fact, Section, Verdict, check_text

RAW = YAML(typ="safe").load((Path(__file__).parent / "korpus.yaml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Sentence:
    avsnitt: str
    text: str
    fel: str
    grupp: str


SENTENCES = tuple(
    Sentence(each["avsnitt"], each["text"], each.get("fel", ""), each["grupp"]) for each in RAW["meningar"]
)


@cache
def section(name):
    raw = RAW["avsnitt"][name]
    facts = []
    for enhet, rader in raw["rader"].items():
        for rad, budget, later, avvikelse, *before in rader:
            dearer = -1 if rad == "Investeringar" or ((budget or later) < 0 and rad) else 1
            values = {"budget": budget, raw["serie"]: later, "avvikelse_helar": avvikelse}
            if before:
                values["utfall_fg_ar"] = before[0]
            facts += [
                Fact(f"{enhet}/{rad}/{serie}", enhet, rad, serie, value * 100_000, hogre_ar_battre=dearer)
                for serie, value in values.items()
                if value is not None
            ]
    for rad, now, before in raw.get("procent", ()):
        for serie, value in (("utfall", now), ("utfall_fg_ar", before)):
            facts.append(Fact(f"{rad}/{serie}", raw["enhet"], rad, serie, round(value * 100), "bp", -1))
    return Section(tuple(facts), raw["enhet"], raw["ar"], raw["enhet_belopp"])


def verdicts(sentence):
    """The contradictions that the check finds in a sentence."""
    judged = check_text(sentence.text, section(sentence.avsnitt), load_textord())
    return [each.verdict for each in judged if each.verdict not in (Verdict.STAMMER, Verdict.OKAND)]
