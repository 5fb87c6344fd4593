"""Structured logs that carry no personal data: who asked for what, and how they sign in, never reaches a line."""

from __future__ import annotations

import contextlib
import json
import logging
import re
import sys
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any, TextIO, cast

import structlog

# Addresses whose path is itself the secret, tokens in headers or query strings, passwords in addresses of servers; and
# what tells of people: their identities and mail addresses, and the rows that PostgreSQL quotes when it refuses them.
_SECRET_PATTERNS = (
    re.compile(r"(/feeds/)[A-Za-z0-9_-]{8,}"),
    re.compile(r"(/link/)[A-Za-z0-9_-]{8,}"),
    re.compile(r"(?i)(bearer\s+)[A-Za-z0-9._~+/=-]{8,}"),
    re.compile(r"(?i)((?:token|password|key|secret)=)[^&\s]+"),
    re.compile(r"(://[^\s:/@]*:)[^\s/@]+(?=@)"),
    re.compile(r"(did:[a-z]+:)[\w.:%-]*[\w%-]"),
    re.compile(r"(?<![\w.+-])()[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),  # begun once in a run, or a long one costs its square
    re.compile(r"((?:DETAIL|CONTEXT):\s+).+"),
)
_SECRET_KEYS = re.compile(r"(?i)password|secret|token|cookie|authorization")
REDACTED = "[redacted]"
LONGEST = 20_000  # characters of one value; another host chooses some of them


def redact(text: str) -> str:
    """`text`, cut at `LONGEST`, without tokens, the secret part of private addresses, and who it is about."""
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]} […]"
    for pattern in _SECRET_PATTERNS:
        text = pattern.sub(rf"\1{REDACTED}", text)
    return text


def _redact_event(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if _SECRET_KEYS.search(key):
            event[key] = REDACTED
        elif isinstance(value, str):
            event[key] = redact(value)
    return event


class _RedactingFormatter(logging.Formatter):
    """Applies `redact` to what libraries log through the standard library, tracebacks included."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__(None if as_json else "%(levelname)s %(name)s %(message)s")
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        text = redact(super().format(record))
        if not self._as_json:
            return text
        at = datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z")
        level = record.levelname.lower()
        return json.dumps({"event": text, "logger": record.name, "level": level, "timestamp": at}, ensure_ascii=False)


class _Lossy:
    """Where lines go. One that cannot be written, on a full disk perhaps, is lost; what it is about goes on."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        with contextlib.suppress(OSError):
            self._stream.write(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            self._stream.flush()


def configure_logs(level: str, *, as_json: bool) -> None:
    """Set up structlog and the standard library's root logger to write to stderr."""
    number = getattr(logging, level.upper())
    # The rich formatter would print local variables, secrets among them.
    text = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
    renderer = structlog.processors.JSONRenderer() if as_json else text
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,  # before redaction: an error's words may name what is secret
            _redact_event,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _Lossy(sys.stderr))),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_RedactingFormatter(as_json=as_json))
    logging.getLogger("uvicorn").setLevel(max(number, logging.WARNING))
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[handler], force=True)


def get_logger(name: str) -> Any:
    """A structured logger; its events are short verbs with key=value facts."""
    return structlog.get_logger(name)
