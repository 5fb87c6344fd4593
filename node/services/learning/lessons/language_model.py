"""A language model behind an OpenAI-compatible endpoint that the operator configured. Off until they do.

Whatever it does – too slow, too long, broken, refusing – ends in `ModelFailed`, whose words hold neither key nor text.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from node.errors import NodeError
from node.settings.declared import Settings
from node.waiting import one_of_few

LARGEST = 200_000
MOST_TOKENS = 2_000
AT_ONCE = 2
"""Requests under way: each holds a thread of the node, and those are few."""


class ModelFailed(NodeError):
    """The language model gave nothing that can be used; the lesson stays as it is."""

    status = 502


@dataclass(slots=True)
class LanguageModel:
    """Asks. `budget` and `budget_each`: how many times a day the whole node and one worker may."""

    url: str
    model: str
    key: str = field(default="", repr=False)
    seconds: int = 10
    budget: int = 200
    budget_each: int = 40
    _free: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(AT_ONCE))

    @classmethod
    def of(cls, settings: Settings) -> LanguageModel | None:
        """None where no endpoint is configured."""
        if not (settings.rewriting_url and settings.rewriting_model):
            return None
        return cls(
            settings.rewriting_url.rstrip("/"), settings.rewriting_model, settings.rewriting_key,
            settings.rewriting_timeout, settings.rewriting_budget, settings.rewriting_budget_each,
        )  # fmt: skip

    def ask(self, messages: Sequence[dict[str, str]], spend: Callable[[], None]) -> str:
        """The answer's text. `spend` is called before anything is sent, and may refuse. Raises ModelFailed."""
        with one_of_few(self._free, ModelFailed("The language model is busy.", hint="Ask again in a moment.")):
            spend()
            return self._ask(messages)

    def _ask(self, messages: Sequence[dict[str, str]]) -> str:
        body = {"model": self.model, "messages": list(messages), "temperature": 0, "max_tokens": MOST_TOKENS}
        try:
            return _text_of(asyncio.run(self._post(json.dumps(body).encode())))
        except TimeoutError:
            raise ModelFailed(f"The language model takes longer than {self.seconds} seconds.") from None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:  # an address or a key that is none
            raise ModelFailed(f"The language model cannot be reached ({type(error).__name__}).") from None

    async def _post(self, body: bytes) -> bytes:
        """One exchange within the time, however slowly the bytes of head and body come. Raises TimeoutError."""
        headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        content = b""
        async with (
            asyncio.timeout(self.seconds),
            httpx.AsyncClient(timeout=None, follow_redirects=False, trust_env=False) as client,  # noqa: S113 - bounded as a whole
            client.stream("POST", f"{self.url}/chat/completions", content=body, headers=headers) as answer,
        ):
            if answer.status_code != 200:
                raise ModelFailed(f"The language model answers {answer.status_code}.")
            async for piece in answer.aiter_raw():
                content += piece
                if len(content) > LARGEST:
                    raise ModelFailed("The language model answers with far too much.")
        return content


def _text_of(content: bytes) -> str:
    try:
        choice: Any = json.loads(content)["choices"][0]
        text, reason = choice["message"]["content"], choice.get("finish_reason")
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        raise ModelFailed("The language model answers in a form that cannot be read.") from None
    if reason not in (None, "stop"):
        raise ModelFailed(f"The language model did not finish ({str(reason)[:40]}).")
    if not isinstance(text, str):
        raise ModelFailed("The language model answers in a form that cannot be read.")
    return text
