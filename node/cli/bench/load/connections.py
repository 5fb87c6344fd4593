"""Kept-alive connections over plain sockets, as a proxy keeps them: the server is to be what costs."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from node.cli.bench.federation.load import read_chunks

LARGEST = 4_000_000  # bytes of an answer's head that are read at once
PATIENCE = 60.0  # seconds
FAILURES = (OSError, EOFError, TimeoutError)  # of a request


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers (lower case; several cookies in a list of their own), body."""

    status: int
    headers: Mapping[str, str]
    cookies: tuple[str, ...]
    body: bytes

    @property
    def text(self) -> str:
        """The body, read as text."""
        return self.body.decode("utf-8", "replace")


@dataclass(slots=True, eq=False)
class Connections:
    """Asks one server; connections that are free are used again, the one used last first."""

    url: str
    free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = field(default_factory=list)

    async def ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """One request. Raises FAILURES."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {urlsplit(self.url).netloc}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if method != "GET":
            lines.append(f"Content-Length: {len(body)}")
        reader, writer = await self._connection()
        try:
            async with asyncio.timeout(PATIENCE):
                writer.write("\r\n".join([*lines, "", ""]).encode() + body)
                answer = await _read(reader)
        except BaseException:
            writer.close()
            raise
        if answer.headers.get("connection") == "close":
            writer.close()
        else:
            self.free.append((reader, writer))
        return answer

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self.free:
            reader, writer = self.free.pop()
            if not (reader.at_eof() or writer.is_closing()):
                return reader, writer
            writer.close()
        return await asyncio.open_connection("127.0.0.1", urlsplit(self.url).port, limit=LARGEST)

    def close(self) -> None:
        """Let go of those that are free."""
        while self.free:
            self.free.pop()[1].close()


def form(fields: Mapping[str, str]) -> tuple[dict[str, str], bytes]:
    """Headers and body of a form as browsers send it."""
    return {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(fields).encode()


async def _read(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in head[1:-2])]
    headers = dict(pairs)
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = await read_chunks(reader)
    else:
        body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Answer(int(head[0].split()[1]), headers, tuple(v for name, v in pairs if name == "set-cookie"), body)
