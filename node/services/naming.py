"""Words for ids: occupations, reference tasks, skills, languages, licences. What has no words is made readable."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Protocol

from schemas.identifiers import primary_language

_BETWEEN_WORDS = re.compile(r"_|(?<!^de)(?<!^re)(?<!^co)-")  # de-escalation, re-verification, co-working stay whole
_SCHEMES = {"onet": "O*NET", "isco": "ISCO", "esco": "ESCO"}

LANGUAGES: Mapping[str, str] = {
    "ar": "Arabic", "bn": "Bengali", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew", "hi": "Hindi",
    "hu": "Hungarian", "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch",
    "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish",
    "sw": "Swahili", "ta": "Tamil", "th": "Thai", "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu",
    "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip


class Names(Protocol):
    """Names of imported reference data; None for what is not in it."""

    def occupation(self, code: str) -> str | None: ...
    def task(self, code: str) -> str | None: ...
    def skill(self, code: str) -> str | None: ...
    def occupations(self) -> Mapping[str, str]: ...


class _Nothing:
    """Before anything is imported."""

    def occupation(self, _code: str) -> str | None:
        return None

    task = skill = occupation

    def occupations(self) -> Mapping[str, str]:
        return {}


_imported: list[Names] = [_Nothing()]


def consult(names: Names) -> None:
    """Ask `names` first from now on. One process is one node; the names are the same everywhere in it."""
    _imported[0] = names


@functools.cache
def _reference() -> Mapping[str, Mapping[str, str]]:
    """Words of the bundled reference ids, by kind."""
    return tomllib.loads(files("node.starter").joinpath("reference.toml").read_text("utf-8"))


def occupation_name(code: str) -> str:
    """`onet:29-1141.00` → "Registered Nurses"."""
    return _imported[0].occupation(code) or _reference()["occupations"].get(code) or _readable(code)


def known_occupations() -> Mapping[str, str]:
    """Every occupation with a name here, by id."""
    imported = _imported[0].occupations()
    return {**_reference()["occupations"], **{code: imported[code] for code in imported if code.startswith("onet:")}}


def task_name(code: str) -> str:
    """A reference task in words; a path or address by its last part."""
    return _imported[0].task(code) or _reference()["tasks"].get(code) or _readable(code)


def skill_name(code: str) -> str:
    """`source-checking` → "source checking"; a work activity by its title."""
    return _imported[0].skill(code) or _reference()["activities"].get(code) or _readable(code)


def is_imported(code: str) -> bool:
    """Is this an occupation, skill or task of reference data in use? Then it has a page here."""
    if not code.startswith(tuple(_SCHEMES)):
        return False
    imported = _imported[0]
    found = imported.task(code) if "/" in code else imported.occupation(code) or imported.skill(code)
    return found is not None


def language_name(tag: str) -> str:
    """`de-AT` → "German"."""
    return LANGUAGES.get(primary_language(tag), tag)


def licence_address(spdx: str) -> str | None:
    """Where the text of a single SPDX licence can be read; None for expressions and unlisted ones."""
    single = spdx and " " not in spdx and not spdx.startswith("LicenseRef-")
    return f"https://spdx.org/licenses/{spdx}.html" if single else None


def _readable(code: str) -> str:
    scheme, colon, rest = code.partition(":")
    if colon and scheme in _SCHEMES:
        return f"{_SCHEMES[scheme]} {rest}"
    path = code.startswith(("at://", "./", "../"))
    last = code.removesuffix(".md").rstrip("/").rpartition("/")[2] if path else code
    return _BETWEEN_WORDS.sub(" ", last) or code
