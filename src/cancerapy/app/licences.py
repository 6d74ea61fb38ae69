"""The licences of everything that the app is made of, read from what is installed.

Nothing is listed by hand: the Python packages and their texts come from their own metadata, those
of Flutter's engine and parts from the file that Flutter's build wrote, and the fonts' lie beside
the fonts. A package whose metadata holds no text is shown with its licence's name.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

OWN = "cancerapy"
PACKAGE = Path(__file__).parents[1]
FONTS = {
    "Noto Sans Arabic": PACKAGE / "app" / "assets" / "fonts" / "OFL.txt",
    "DejaVu Sans": PACKAGE / "reports" / "fonts" / "DejaVu-licence.txt",
}
_LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice)", re.IGNORECASE)
_RULE = re.compile(r"\n-{80}\n")
"""What stands between two entries of Flutter's file."""

MAX_NAME = 60


class Kind(StrEnum):
    """Which part of the app a licence belongs to; the value ends the key of its heading."""

    OWN = "own"
    FONT = "font"
    PYTHON = "python"
    FLUTTER = "flutter"


@dataclass(frozen=True, slots=True)
class Licence:
    """One part of the app.

    Args:
        kind: Where it belongs.
        name: The part's name, with its version where it has one.
        licence: The licence's name as the part states it; empty if it only gives the text.
        text: The full text; empty if the part does not come with it.
    """

    kind: Kind
    name: str
    licence: str
    text: str


def list_licences() -> tuple[Licence, ...]:
    """Return the licences of all parts that are installed, sorted within each kind."""
    found = [*_own(), *_fonts(), *_python(), *_flutter()]
    order = list(Kind)
    return tuple(sorted(found, key=lambda one: (order.index(one.kind), one.name.lower())))


def _own() -> Iterator[Licence]:
    # In a wheel the texts are in the metadata, in a packaged app beside the code, else above it.
    for folder in (PACKAGE, PACKAGE.parents[1]):
        texts = [folder / name for name in ("LICENSE", "NOTICE")]
        if all(text.is_file() for text in texts):
            whole = "\n\n".join(text.read_text(encoding="utf-8") for text in texts)
            yield Licence(Kind.OWN, "CanceRapy", "Apache-2.0", whole)
            return
    found = _installed().get(OWN)
    yield Licence(Kind.OWN, "CanceRapy", "Apache-2.0", _texts_of(found) if found else "")


def _fonts() -> Iterator[Licence]:
    for name, path in FONTS.items():
        yield Licence(Kind.FONT, name, "", path.read_text(encoding="utf-8"))


def _python() -> Iterator[Licence]:
    installed = _installed()
    # A packaged app holds only what it needs, and no metadata of our own package.
    names = _needed(installed) if OWN in installed else set(installed)
    for name in names - {OWN}:
        found = installed[name]
        title = f"{found.name} {found.version}"
        yield Licence(Kind.PYTHON, title, _licence_name(found), _texts_of(found))


def _flutter() -> Iterator[Licence]:
    spec = find_spec("flet_web")
    if spec is None or spec.origin is None:
        return
    notices = Path(spec.origin).parent / "web" / "assets" / "NOTICES"
    if not notices.is_file():
        return
    texts: dict[str, list[str]] = {}
    for entry in _RULE.split(notices.read_text(encoding="utf-8")):
        names, _, text = entry.partition("\n\n")
        for name in names.split("\n"):
            texts.setdefault(name.strip(), []).append(text)
    for name, parts in texts.items():
        yield Licence(Kind.FLUTTER, name, "", "\n\n".join(dict.fromkeys(parts)))


def _installed() -> dict[str, metadata.Distribution]:
    return {_normal(found.name): found for found in metadata.distributions()}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _needed(installed: dict[str, metadata.Distribution]) -> set[str]:
    """Return what our own package needs, directly or not, as far as it is installed."""
    needed: set[str] = set()
    waiting = {OWN}
    while waiting:
        name = waiting.pop()
        needed.add(name)
        for requirement in installed[name].requires or ():
            match = re.match(r"[\w.-]+", requirement)
            if match is None or "extra ==" in requirement:
                continue
            if (other := _normal(match.group())) in installed and other not in needed:
                waiting.add(other)
    return needed


def _licence_name(found: metadata.Distribution) -> str:
    """Return the licence's name from the newest field of the metadata that states one."""
    for field in ("License-Expression", "License"):
        for stated in found.metadata.get_all(field) or []:
            if 0 < len(stated) <= MAX_NAME and "\n" not in stated:
                return str(stated)
    classifiers = found.metadata.get_all("Classifier") or []
    names = [text.split(" :: ")[-1] for text in classifiers if text.startswith("License ::")]
    return ", ".join(names)


def _texts_of(found: metadata.Distribution) -> str:
    """Return the texts that lie in a package's metadata folder."""
    texts = []
    for file in found.files or ():
        is_text = ".dist-info" in str(file) and _LICENCE_FILE.search(file.name)
        path = Path(str(file.locate()))
        if is_text and path.is_file():
            texts.append(path.read_text(encoding="utf-8", errors="replace"))
    return "\n\n".join(texts)
