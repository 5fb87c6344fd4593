"""Write front matter: the usual shape, short lists on one line, quotes only where YAML needs them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from node.authoring.front_matter.scalars import resolve

_PLAIN = re.compile(r"[^\W_][^\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff:#\[\]{},&*!|>'\"%@`]*\Z")
_INNER_COLON = re.compile(r":(?=[^\s:,\[\]{}])")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff\\\"]")
_LINE = 110


def dump_front_matter(data: Mapping[str, Any]) -> str:
    """YAML lines without the fences; reading them gives the data back."""
    return "".join(f"{line}\n" for line in _mapping(data, ""))


def _mapping(data: Mapping[str, Any], indent: str) -> Iterator[str]:
    for key, value in data.items():
        flow = _flow(value)
        head = f"{indent}{_scalar(str(key))}:"
        if not isinstance(value, list | Mapping) or not value or (len(head) + len(flow) < _LINE and not _nested(value)):
            yield f"{head} {flow}"
        elif isinstance(value, Mapping):
            yield head
            yield from _mapping(value, indent + "  ")
        else:
            yield head
            yield from (f"{indent}  - {_flow(entry)}" for entry in value)


def _nested(value: Any) -> bool:
    """A mapping of mappings reads better over several lines."""
    return isinstance(value, Mapping) and any(isinstance(entry, Mapping) for entry in value.values())


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(str(key))}: {_flow(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(entry) for entry in value) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    text = str(value)
    if _is_plain(text):
        return text
    return '"' + _UNPRINTABLE.sub(lambda match: _ESCAPES.get(match[0], f"\\u{ord(match[0]):04x}"), text) + '"'


def _is_plain(text: str) -> bool:
    """Whether a text may stand without quotes. In an id such as esco:7f2e a colon is no sign of a key."""
    if not text or not text[0].isalnum() or text[-1] in " \t":
        return False
    return bool(_PLAIN.match(_INNER_COLON.sub("", text))) and resolve(text, plain=True) == text
