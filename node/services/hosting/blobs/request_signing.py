"""Signs requests to S3-compatible servers: AWS Signature Version 4, the only one that all of them take.

Source: "Authenticating Requests: Using the Authorization Header", Amazon S3 API reference.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

ALGORITHM = "AWS4-HMAC-SHA256"
NOTHING = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class Signer:
    """Who asks, and where."""

    key: str
    secret: str
    region: str

    def headers(self, method: str, target: tuple[str, str, str], digest: str, at: datetime) -> dict[str, str]:
        """The headers that a request needs.

        `target`: host, path and query as they are sent; `digest`: the body's SHA-256 in hex; `at`: UTC.
        """
        host, path, query = target
        stamp = at.strftime("%Y%m%dT%H%M%SZ")
        signed = {"host": host, "x-amz-content-sha256": digest, "x-amz-date": stamp}
        names = ";".join(sorted(signed))
        lines = "".join(f"{name}:{signed[name]}\n" for name in sorted(signed))
        canonical = "\n".join((method, path, query, lines, names, digest))
        scope = f"{stamp[:8]}/{self.region}/s3/aws4_request"
        text = "\n".join((ALGORITHM, stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()))
        signature = hmac.new(self._key_of(stamp[:8]), text.encode(), hashlib.sha256).hexdigest()
        said = f"{ALGORITHM} Credential={self.key}/{scope}, SignedHeaders={names}, Signature={signature}"
        return {**signed, "authorization": said}

    def _key_of(self, day: str) -> bytes:
        found = f"AWS4{self.secret}".encode()
        for part in (day, self.region, "s3", "aws4_request"):
            found = hmac.new(found, part.encode(), hashlib.sha256).digest()
        return found


def encoded(query: Mapping[str, str]) -> str:
    """A query as it is signed: sorted, everything but unreserved characters percent-encoded."""
    return "&".join(f"{quote(name, safe='-_.~')}={quote(query[name], safe='-_.~')}" for name in sorted(query))
