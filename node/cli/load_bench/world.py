"""What the users find: a node with modules, people who have signed in, workers with a profile."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from federation.keys import SigningKey
from node.authoring.parse import parse_module
from node.cli.authoring_bench.publishing import publish_folder, signed_in
from node.cli.authoring_bench.samples import samples, write_modules
from node.cli.load_bench.user import User
from node.cli.progress import Progress, silent
from node.cli.tasks_bench.running import Running

PASSWORD = "signed-in-for-a-load-and-thrown-away"  # noqa: S105 - of a node that lives for minutes
AT_ONCE = 4  # people signing in: each costs a password's hash


@dataclass(frozen=True, slots=True)
class World:
    """What can be asked for: the author's DID, names of modules, occupations that they serve."""

    did: str
    modules: tuple[str, ...]
    occupations: tuple[str, ...]
    words: tuple[str, ...]


def publish_world(node: Running, modules: int) -> World:
    """Publish modules made of the starter catalogue's, as `module publish` does."""
    with tempfile.TemporaryDirectory(prefix="skillnet-load-") as made:
        write_modules(Path(made), modules)
        with signed_in(node) as repository:
            publish_folder(Path(made), repository, silent)
    documents = [parse_module(text) for text in samples()]
    occupations = {code for document in documents for code in document.front.data.get("occupations", ())}
    words = {word.lower() for document in documents for word in document.title.split() if len(word) > 3}
    names = tuple(f"measured-{number}" for number in range(modules))
    return World(repository.did, names, tuple(sorted(occupations)), tuple(sorted(words)))


async def sign_in_all(node: Running, users: Mapping[str, Sequence[User]], world: World, progress: Progress) -> None:
    """Everybody but peers becomes a person of the node, chooses a password, and signs in."""
    door = asyncio.Semaphore(AT_ONCE)
    everybody = [(role, user) for role, of_role in users.items() for user in of_role if role != "federation"]
    done = 0

    async def enter(role: str, user: User) -> None:
        nonlocal done
        async with door:
            await (_author(node, user) if role == "author" else _worker(node, user, world))
            done += 1
            progress("signing in", done / len(everybody))

    await asyncio.gather(*(enter(role, user) for role, user in everybody))


async def _worker(node: Running, user: User, world: World) -> None:
    body = {"name": user.name, "roles": ["worker"]}
    made = await asyncio.to_thread(lambda: node.operator.post("/api/people", json=body).raise_for_status().json())
    await _use_link(user, made["link"])
    occupation = user.draw.choice(world.occupations)
    await user.send(
        "profile", "/me/profile", {"role": "worker", "minutes": "25", "occupation": occupation, "language": "en"}
    )


async def _author(node: Running, user: User) -> None:
    body = {"name": user.name, "recoveryKey": SigningKey.generate().did_key}
    made = await asyncio.to_thread(lambda: node.operator.post("/api/accounts", json=body).raise_for_status().json())
    await _use_link(user, made["link"])


async def _use_link(user: User, link: str) -> None:
    path = urlsplit(link).path
    await user.ask("link", "GET", path)
    if await user.send("link", path, {"password": PASSWORD}) is None:
        raise RuntimeError(f"{user.name} could not sign in")
