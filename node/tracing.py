"""Traces: how long requests, jobs, transactions and the work with peers take, for whoever runs the node.

Off, and not even imported, unless `telemetry.traces` says where to. A span names a route, a job or a peer's host, never
an address with its query, a person, a record or a body. A caller's own trace is not continued: it could mark people
across nodes.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

PATH = "/v1/traces"  # OTLP/HTTP, "OTLP/HTTP Request": the path under which a collector takes traces
Fact = str | int
_IGNORED: Callable[[str, Fact], None] = lambda _name, _value: None  # noqa: E731 - the one that does nothing


class _Traces:
    """The process's provider and tracer while traces are on."""

    provider: Any = None
    tracer: Any = None


def start_traces(target: str, release: str) -> None:
    """Send spans to `target`: `console`, or the http(s) address of an OTLP collector. Empty: none."""
    if not target or _Traces.provider is not None:
        return
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SimpleSpanProcessor

    from node.otlp import OtlpExporter

    provider = TracerProvider(resource=Resource({"service.name": "skillnet-node", "service.version": release}))
    if target == "console":
        provider.add_span_processor(
            SimpleSpanProcessor(
                ConsoleSpanExporter(out=sys.stderr, formatter=lambda span: span.to_json(indent=None) + "\n")
            )
        )
    else:
        provider.add_span_processor(BatchSpanProcessor(OtlpExporter(collector_address(target))))
    _Traces.provider, _Traces.tracer = provider, provider.get_tracer("skillnet")


def collector_address(target: str) -> str:
    """Where spans are posted: `target` itself, or the usual path on it."""
    return target if urlsplit(target).path.strip("/") else target.rstrip("/") + PATH


def stop_traces() -> None:
    """Send what waits, then send no more."""
    provider, _Traces.provider, _Traces.tracer = _Traces.provider, None, None
    if provider is not None:
        provider.shutdown()


@contextlib.contextmanager
def span(name: str, **facts: Fact) -> Iterator[Callable[[str, Fact], None]]:
    """Time what happens inside, under `name`; gives what adds a fact. An error leaves its class, not its words."""
    tracer = _Traces.tracer
    if tracer is None:
        yield _IGNORED
        return
    from opentelemetry.trace import Status, StatusCode

    attributes = {key.replace("__", "."): value for key, value in facts.items()}
    options = {"record_exception": False, "set_status_on_exception": False}
    with tracer.start_as_current_span(name, attributes=attributes, **options) as current:

        def tell(key: str, value: Fact) -> None:
            if key == "name":
                current.update_name(str(value))
            else:
                current.set_attribute(key, value)

        try:
            yield tell
        except BaseException as error:
            current.set_attribute("error.type", type(error).__name__)
            current.set_status(Status(StatusCode.ERROR))
            raise


def is_tracing() -> bool:
    """Are spans kept at all?"""
    return _Traces.tracer is not None
