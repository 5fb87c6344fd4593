"""Everybody becomes a person of the node and is signed in, through the services of a node that is not served yet."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from federation.keys import SigningKey
from node.app.compose import compose
from node.cli.bench.load.world import World
from node.cli.terminal.progress import Progress
from node.services.assembly import Services
from node.services.hosting.accounts import load_rotation_key
from node.services.policy import Role, Viewer
from node.settings.declared import Settings
from node.web.access.viewing import cookie_name

AT_ONCE = 16  # threads: what they write goes into one transaction


def sign_in_all(
    settings: Settings, workers: Sequence[str], authors: Sequence[str], world: World, progress: Progress
) -> dict[str, dict[str, str]]:
    """The session's cookie of each by name. Nobody has a password: to hash a thousand would take minutes."""
    services = compose(settings)
    steps: list[tuple[Callable[[Services, World, str], None], str]] = [(_worker, name) for name in workers]
    steps += [(_author, name) for name in authors]

    def sign_in(step: tuple[Callable[[Services, World, str], None], str]) -> tuple[str, dict[str, str]]:
        enter, name = step
        enter(services, world, name)
        return name, {cookie_name(settings): services.registry.tokens.issue(name, "session", "bench")}

    found: dict[str, dict[str, str]] = {}
    try:
        services.stream.start()
        with ThreadPoolExecutor(AT_ONCE) as threads:
            for name, cookies in threads.map(sign_in, steps):
                found[name] = cookies
                progress("signing in", len(found) / len(steps))
    finally:
        services.heavy.stop()
        services.database.close()
    return found


def _worker(services: Services, world: World, name: str) -> None:
    services.registry.add(name, (Role.WORKER,))
    occupation = random.Random(name).choice(world.occupations)  # noqa: S311 - repeatable
    profile = {"role": "worker", "minutesPerDay": 25, "occupations": [occupation], "languages": ["en"]}
    services.learning.change_profile(Viewer(name, name, frozenset({Role.WORKER})), profile)


def _author(services: Services, _world: World, name: str) -> None:
    services.registry.add(name, ())
    rotation = load_rotation_key(services.database, services.sealer)
    recovery = SigningKey.generate().did_key
    account = services.accounts.create_practitioner(name, recovery, rotation, services.stream)
    services.registry.grant(name, role=Role.PRACTITIONER, did=account.did)
