"""What one step of each kind of user is. A step may be several requests; between two steps a user rests."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from urllib.parse import quote, urlencode

from node.cli.bench.load.user import User
from node.cli.bench.load.world import World

Step = Callable[[User, World], Awaitable[None]]

SHARES = {"worker": 70, "search": 20, "author": 5, "federation": 5}
STILL = {"worker": 75, "search": 20, "author": 0, "federation": 5}  # nobody publishes
TYPED = 0.15  # seconds between two letters' questions
_LESSON = re.compile(r'href="(/me/lessons/[^"#?]+)"')
_FEEDBACK = re.compile(r'hx-post="(/me/feed/[^"]+)"')
_OUTCOME = re.compile(r'name="outcome" value="([^"]+)"')
_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154"
    "789c63606060000000040001f61738550000000049454e44ae426082"
)
LIVE = {"HX-Request": "true"}


async def work(user: User, world: World) -> None:
    """A worker looks at today's list; mostly opens a lesson there, and says how the work went."""
    today = await user.ask("worker: today's list", "GET", "/me")
    if today is None:
        return
    lessons, chance = _LESSON.findall(today.text), user.draw.random()
    if chance < 0.15:
        await user.ask("worker: a module", "GET", _module(user, world))
    elif chance < 0.25 and (said := _FEEDBACK.findall(today.text)):
        await user.send("worker: feedback", user.draw.choice(said), {"feedback": "less-like-this"}, live=True)
    elif lessons:
        await _learn(user, user.draw.choice(lessons))


async def _learn(user: User, lesson: str) -> None:
    await user.rest(2.0)
    page = await user.ask("worker: open a lesson", "GET", lesson)
    if page is not None and user.draw.random() < 0.5 and (offered := _OUTCOME.findall(page.text)):
        await user.rest(2.0)
        await user.send("worker: report an outcome", f"{lesson}/outcome", {"outcome": user.draw.choice(offered)})


async def look(user: User, world: World) -> None:
    """Somebody types a word, reads the results, narrows them, opens one, or an occupation's page."""
    word = user.draw.choice(world.words)
    for letters in range(3, len(word) + 1, 2):
        await user.ask("search: as one types", "GET", f"/search?{urlencode({'q': word[:letters]})}", LIVE)
        await user.rest(TYPED)
    await user.ask("search: results", "GET", f"/search?{urlencode({'q': word})}")
    occupation = user.draw.choice(world.occupations)
    chance = user.draw.random()
    if chance < 0.4:
        narrowed = urlencode({"q": word, "occupation": occupation})
        await user.ask("search: narrowed", "GET", f"/search?{narrowed}", LIVE)
    elif chance < 0.8:
        await user.ask("search: a module", "GET", _module(user, world))
    else:
        await user.ask("search: an occupation", "GET", f"/search?{urlencode({'occupation': occupation})}")


async def write(user: User, _world: World) -> None:
    """An author opens the desk, types with the preview beside the text, then publishes, or adds a picture."""
    if await user.ask("author: the desk", "GET", "/write") is None:
        return
    name = f"{user.name}-{user.draw.randrange(5)}"
    text = _TEXT.format(name=name, word=user.draw.randrange(1_000_000))
    for _ in range(2):
        await user.send("author: check and preview", "/write/check", {"text": text, "kind": "module"}, live=True)
        await user.rest(1.0)
    if user.draw.random() < 0.3:
        await _upload(user, text)
    else:
        await user.send(
            "author: publish", "/write", {"text": text, "kind": "module", "do": "publish", "audience": "public"}
        )


async def _upload(user: User, text: str) -> None:
    edge = "----measured"
    fields = {"_csrf_token": user.csrf, "text": text, "kind": "module"}
    parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in fields.items()]
    parts.append(
        f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    )
    body = "".join(parts).encode() + _PIXEL + f"\r\n--{edge}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={edge}", "x-csrftoken": user.csrf, **LIVE}
    await user.ask("author: upload a picture", "POST", "/write/files", headers, body)


async def follow(user: User, world: World) -> None:
    """Another program reads what it may: a record, a page of records, a proof, now and then a whole repository."""
    did, name = quote(world.did), user.draw.choice(world.modules)
    module = "org.skillnet.module"
    await user.ask(
        "federation: getRecord", "GET",
        f"/xrpc/com.atproto.repo.getRecord?repo={did}&collection={module}&rkey={name}",
    )  # fmt: skip
    await user.ask(
        "federation: listRecords", "GET", f"/xrpc/com.atproto.repo.listRecords?repo={did}&collection={module}&limit=50"
    )
    await user.ask(
        "federation: a proof", "GET",
        f"/xrpc/com.atproto.sync.getRecord?did={did}&collection={module}&rkey={name}",
    )  # fmt: skip
    if user.draw.random() < 0.1:
        await user.ask("federation: getRepo", "GET", f"/xrpc/com.atproto.sync.getRepo?did={did}")


def _module(user: User, world: World) -> str:
    return f"/modules/{world.did}/{user.draw.choice(world.modules)}"


STEPS: dict[str, Step] = {"worker": work, "search": look, "author": write, "federation": follow}

_TEXT = """---
name: {name}
title: Check what a machine wrote before you send it
description: Read it aloud, look up each figure, and say what you could not check.
language: en
license: CC-BY-4.0
layer: capability
level: novice
minutes: 8
occupations: [onet:29-1141.00]
skills: [source-checking]
---
Read the draft **aloud**. Mark what you would not have said: {word}.

## Three questions

1. Which figure in it could hurt somebody?
2. Where does it come from?
3. What do you say when you do not know?

::: exercise {{#p1}}
Take the last draft that you sent, and look up two of its figures.
:::
"""
