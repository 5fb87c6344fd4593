"""Sends spans to a collector as OTLP/HTTP with JSON (OpenTelemetry Protocol 1.x, "JSON Protobuf Encoding").

The protocol's own exporter would bring protobuf and another HTTP client; the JSON form needs neither.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import httpx
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from node.logs import get_logger

PATIENCE = 10.0  # seconds for one answer of the collector
_SERVER, _INTERNAL = 2, 1  # SpanKind
_ERROR = 2  # StatusCode


class OtlpExporter(SpanExporter):
    """Posts each batch once; what the collector does not take is gone, and the log says so."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._http = httpx.Client(timeout=PATIENCE)
        self._log = get_logger("traces")

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Called by the SDK in a thread of its own."""
        try:
            self._http.post(self._address, json=encode(spans)).raise_for_status()
        except httpx.HTTPError as error:
            self._log.warning("traces not taken", spans=len(spans), error=type(error).__name__)
            return SpanExportResult.FAILURE
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        """Let go of the connection."""
        self._http.close()


def encode(spans: Sequence[ReadableSpan]) -> dict[str, Any]:
    """An ExportTraceServiceRequest: identifiers in hexadecimal, 64-bit numbers as text."""
    resource = {"attributes": _attributes(spans[0].resource.attributes)} if spans else {}
    scope = {"scope": {"name": "skillnet"}, "spans": [_span(one) for one in spans]}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [scope]}]}


def _span(one: ReadableSpan) -> dict[str, Any]:
    context = one.get_span_context()
    attributes = one.attributes or {}
    body = {
        "traceId": f"{context.trace_id:032x}" if context else "",
        "spanId": f"{context.span_id:016x}" if context else "",
        "name": one.name,
        "kind": _SERVER if "http.route" in attributes else _INTERNAL,
        "startTimeUnixNano": str(one.start_time),
        "endTimeUnixNano": str(one.end_time),
        "attributes": _attributes(attributes),
        "status": {"code": _ERROR} if "error.type" in attributes else {},
    }
    return body | ({"parentSpanId": f"{one.parent.span_id:016x}"} if one.parent else {})


def _attributes(attributes: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"key": key, "value": {"intValue": str(value)} if isinstance(value, int) else {"stringValue": str(value)}}
        for key, value in attributes.items()
    ]
