# ruff: noqa: ARG002  every shape is checked by a method of the same signature
"""Front matter against what its keys may hold: errors with place, what is allowed, and the nearest right spelling."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from node.authoring.checks.fields import Field
from node.authoring.document import Document
from node.authoring.licences import LICENCES, USUAL
from node.authoring.limits import NAME_CHARACTERS
from node.authoring.names import NAME, is_name, likely_name
from node.authoring.problems import Problem, Severity
from node.authoring.spdx import ExpressionInvalid, parse_expression
from node.authoring.vocabulary import nearest

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|\d{3}))?(?:-[a-z0-9]{5,8})*\Z")
_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")
_URI = re.compile(rf"(?:at|https)://\S+\Z|{NAME}\Z|\.{{0,2}}/?[^\s:]+\.md\Z|(?:onet|esco|isco):\S+\Z")


def check_front_matter(document: Document, fields: Mapping[str, Field]) -> Iterator[Problem]:
    """Missing, misspelt and malformed keys. Keys of others are kept, and reported only when they look like ours."""
    front = document.front
    checker = _Checker(document)
    broken = any(problem.code.startswith(("yaml-", "front-matter")) for problem in document.problems)
    if not front.data and not broken:
        needed = ", ".join(name for name, field in fields.items() if field.need == "error")
        yield checker.problem((), "no-front-matter", f"there is no front matter; at least {needed} are needed")
        return
    for name, field in fields.items():
        if name in front.data:
            yield from checker.check(name, field, front.data[name])
        elif field.need and not broken:
            message, may_be = f"“{name}” is missing", field.allowed
            yield checker.problem((), "missing-field", message, severity=field.need, allowed=may_be, nearest=name)
    for name in front.data:
        if name not in fields:
            yield from checker.unknown(str(name), fields)


class _Checker:
    def __init__(self, document: Document) -> None:
        self.document = document

    def problem(  # noqa: PLR0913  the fields of a problem
        self,
        at: tuple[str | int, ...],
        code: str,
        message: str,
        *,
        found: object = "",
        allowed: tuple[str, ...] = (),
        nearest: str | None = None,
        severity: Severity = "error",
    ) -> Problem:
        front = self.document.front
        line, column = front.value_place(*at) if at else (1, 1)
        return Problem(self.document.path, line, column, code, severity, message, _shown(found), allowed, nearest)

    def unknown(self, name: str, fields: Mapping[str, Field]) -> Iterator[Problem]:
        likely = _misspelt(name, fields)
        if likely:
            line, column = self.document.front.key_place(name)
            message = f"“{name}” is not a key we know"
            yield Problem(
                self.document.path, line, column, "unknown-key", "error", message, name, tuple(fields), likely
            )

    def check(self, name: str, field: Field, value: Any) -> Iterator[Problem]:
        if value is None:
            severity = field.need or "warning"
            yield self.problem((name,), "empty-field", f"“{name}” has no value", severity=severity)
            return
        yield from getattr(self, f"_{field.shape}")(name, field, value)

    def _text(self, name: str, field: Field, value: Any) -> Iterator[Problem]:
        if isinstance(value, bool) or not isinstance(value, str | int):
            yield self.problem((name,), "wrong-type", f"“{name}” must be a line of text", found=value)
        elif len(str(value)) > field.longest:
            message = f"“{name}” has {len(str(value))} characters; at most {field.longest} are allowed"
            yield self.problem((name,), "too-long", message)

    def _choice(self, name: str, field: Field, value: Any) -> Iterator[Problem]:
        if value not in field.allowed:
            likely = nearest(str(value), field.allowed)
            message = f"“{name}” must be one of {', '.join(field.allowed)}"
            yield self.problem((name,), "not-allowed", message, found=value, allowed=field.allowed, nearest=likely)

    def _name(self, name: str, field: Field, value: Any) -> Iterator[Problem]:
        text = str(value)
        if not is_name(text):
            message = f"a name is lower-case letters, digits and single hyphens, at most {NAME_CHARACTERS} characters"
            yield self.problem((name,), "bad-name", message, found=value, nearest=likely_name(text) or None)

    def _language(self, name: str, field: Field, value: Any) -> Iterator[Problem]:
        if not isinstance(value, str) or not _LANGUAGE.match(value):
            message = "a language is a BCP 47 tag such as en, de, pt-BR, zh-Hant"
            yield self.problem((name,), "bad-language", message, found=value, nearest=_language_near(str(value)))

    def _licence(self, name: str, field: Field, value: Any) -> Iterator[Problem]:
        try:
            found = parse_expression(str(value))
        except ExpressionInvalid as error:
            message = f"“{name}” must be an SPDX licence expression such as CC-BY-4.0 or MIT OR Apache-2.0: {error}"
            likely = _licence_near(str(value))
            yield self.problem((name,), "unknown-license", message, found=value, nearest=likely, severity="warning")
            return
        for word in found.unknown:
            message = f"“{word}” is not on the SPDX list, which has ids such as CC-BY-4.0; your own: LicenseRef-name"
            likely = _licence_near(word)
            yield self.problem((name,), "unknown-license", message, found=word, nearest=likely, severity="warning")
        for word, newer in found.outdated:
            message = f"“{word}” is an outdated id; today it is {newer}"
            yield self.problem((name,), "outdated-license", message, found=word, nearest=newer, severity="warning")

    def _date(self, name: str, field: Field, value: Any) -> Iterator[Problem]:
        if not is_date(value):
            message = f"“{name}” must be a date such as 2027-05-01"
            yield self.problem((name,), "bad-date", message, found=value)

    def _minutes(self, name: str, field: Field, value: Any) -> Iterator[Problem]:
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 10_000:
            digits = re.search(r"\d+", str(value))
            message = f"“{name}” must be a whole number of minutes"
            yield self.problem((name,), "not-minutes", message, found=value, nearest=digits[0] if digits else None)

    def _words(self, name: str, field: Field, value: Any) -> Iterator[Problem]:
        entries = value if isinstance(value, list) else [value]
        if not isinstance(value, list):
            message = f"“{name}” must be a list, such as [{_shown(value)}]"
            yield self.problem((name,), "not-a-list", message, found=value, nearest=f"[{_shown(value)}]")
        for index, entry in enumerate(entries):
            at = (name, index) if isinstance(value, list) else (name,)
            if isinstance(entry, bool) or not isinstance(entry, str | int) or not str(entry).strip():
                yield self.problem(at, "wrong-type", f"an entry of “{name}” must be text", found=entry)
            elif field.form and not field.form.match(str(entry)):
                message = f"an entry of “{name}” must look like {field.example}"
                yield self.problem(at, "bad-id", message, found=entry)

    def _objects(self, name: str, field: Field, value: Any) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield self.problem((name,), "not-a-list", f"“{name}” must be a list", found=value)
            return
        for index, entry in enumerate(value):
            if isinstance(entry, str) and entry:
                continue
            if not isinstance(entry, dict) or not entry.get("name"):
                message = f"an entry of “{name}” must be a name or {{{', '.join(field.allowed)}}}"
                yield self.problem((name, index), "wrong-type", message, found=entry, allowed=field.allowed)
                continue
            yield from self._keys((name, index), entry, field.allowed)

    def _mapping(self, name: str, field: Field, value: Any) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield self.problem((name,), "wrong-type", f"“{name}” must be a mapping of names to values", found=value)
            return
        for key, entry in value.items() if field.allowed else ():
            if isinstance(entry, dict):
                yield from self._keys((name, key), entry, field.allowed)
            else:
                message = f"“{key}” must be {{{', '.join(field.allowed)}}}"
                yield self.problem((name, key), "wrong-type", message, found=entry, allowed=field.allowed)

    def _keys(self, at: tuple[str | int, ...], entry: Mapping[str, Any], allowed: tuple[str, ...]) -> Iterator[Problem]:
        for key in entry:
            if key not in allowed:
                likely = nearest(str(key), allowed)
                yield self.problem(
                    (*at, key), "unknown-key", f"“{key}” is not a key we know here",
                    found=key, allowed=allowed, nearest=likely, severity="error" if likely else "warning",
                )  # fmt: skip

    def _origin(self, name: str, field: Field, value: Any) -> Iterator[Problem]:
        """An exact version, `{uri, cid}` as `module fork` writes it; an address alone is looked up at publishing."""
        if not isinstance(value, dict):
            yield from self._uri(name, field, value)
            return
        yield from self._keys((name,), value, field.allowed)
        if not str(value.get("uri", "")).startswith("at://") or not value.get("cid"):
            message = f"“{name}” must name an exact version: {{uri: at://…, cid: …}}"
            yield self.problem((name,), "bad-id", message, found=value, allowed=field.allowed)

    def _uri(self, name: str, field: Field, value: Any) -> Iterator[Problem]:
        if not isinstance(value, str) or not _URI.match(value):
            yield self.problem(
                (name,), "bad-id", f"“{name}” must be at://…, a name or a path to a .md file", found=value
            )


def is_date(value: object) -> bool:
    """A calendar date in ISO form."""
    if not isinstance(value, str) or not _DATE.match(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _misspelt(name: str, fields: Mapping[str, Field]) -> str | None:
    """The key that this one was probably meant to be: few slips for its length, or only case and hyphens differ."""
    from rapidfuzz.distance import OSA

    bare = re.sub(r"[-_ ]", "", name).lower()
    for known in fields:
        slips = OSA.distance(bare, known.lower(), score_cutoff=2)
        if slips == 0 or (slips == 1 and len(bare) >= 5) or (slips == 2 and len(bare) >= 9):
            return known
    return None


def _language_near(value: str) -> str | None:
    parts = re.split(r"[-_]", value)
    fixed = "-".join([parts[0].lower(), *(part.upper() if len(part) == 2 else part.title() for part in parts[1:])])
    return fixed if _LANGUAGE.match(fixed) else None


def _licence_near(text: str) -> str | None:
    """Licences that are usual for texts are meant before the rarer ones."""
    return nearest(text, USUAL, 80) or nearest(text, LICENCES, 60)


def _shown(value: object) -> str:
    text = "true" if value is True else "false" if value is False else str(value)
    return text if len(text) <= 120 else text[:119] + "…"
