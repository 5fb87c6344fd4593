"""What a node does by itself, again and again."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from concurrent.futures import Executor
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial

from node.errors import StoreDamaged
from node.jobs.runner import Job
from node.services.assembly import Services
from node.services.following.honouring import watch_deletions
from node.services.hosting.telling_relays import tell_relays
from node.store.administration import people
from node.store.clock import now
from node.store.repositories import peers

HOUR, WEEK = 3600, 604_800


@dataclass(frozen=True, slots=True)
class Chore:
    """A repeating job: `every` and `first_in` in seconds."""

    name: str
    every: int
    first_in: int
    do: Callable[[Services], object]


def _prune_events(services: Services) -> None:
    window = services.settings.event_window
    services.database.writer.write(lambda session: services.stream.prune(session, window))


def _sweep_tokens(services: Services) -> None:
    services.database.writer.write(lambda session: people.sweep_tokens(session, now()))


def _let_strikes_fade(services: Services) -> None:
    services.database.writer.write(peers.fade_strikes)


def _let_roles_lapse(services: Services) -> None:
    services.sign_on.let_lapse()


def _collect_blobs(services: Services) -> None:
    services.accounts.collect_blobs()
    services.accounts.sweep_blobs()


def _collect_internal_files(services: Services) -> None:
    services.internal.collect()
    services.internal.sweep()


def _let_former_go(services: Services) -> None:
    services.database.drop_old_former()


def _mirror_documents(services: Services) -> None:
    services.mirroring.run()


def _mend_search(services: Services) -> None:
    services.finder.mend()
    services.finder.forget_removed(whole=True)


def _examine_database(services: Services) -> None:
    """Damage is found while a backup from before it is still kept."""
    if damage := services.database.damage():
        raise StoreDamaged(f"The database file is damaged: {damage[0]}")


def _examine_node(services: Services) -> None:
    services.doctor.look()


def _new_epoch(services: Services) -> None:
    services.rankings.renew_trust()


def _forget_deleted(services: Services) -> None:
    services.forgetting.run()
    services.finder.forget_removed()


def _read_releases(services: Services) -> None:
    services.releases.read_due()


def _prepare_days(services: Services) -> None:
    services.learning.prepare_night().tell_failures()


def _pool_items(services: Services) -> None:
    services.learning.prepare_night(whole=True).tell_failures()


def _watch_deletions(services: Services) -> None:
    watch_deletions(services.database, services.outside, services.settings)


def _tell_relays(services: Services) -> None:
    tell_relays(services.database, services.outside, services.settings)


async def _tidy_moderation(services: Services) -> None:
    await services.moderation.tidy()


def _tell_operators(services: Services) -> None:
    services.moderation.telling.run()


def _read_labelers(services: Services) -> None:
    services.moderation.labelers.read_all()


CHORES = (
    Chore("tidy-moderation", 600, 120, _tidy_moderation),
    Chore("tell-operators", 600, 180, _tell_operators),
    Chore("read-labelers", 900, 60, _read_labelers),
    Chore("forget-deleted", 20, 20, _forget_deleted),
    Chore("deletions-honoured", 15, 15, _watch_deletions),
    Chore("tell-relays", 1200, 60, _tell_relays),
    Chore("prune-events", HOUR, 600, _prune_events),
    Chore("sweep-tokens", 24 * HOUR, HOUR, _sweep_tokens),
    Chore("let-strikes-fade", WEEK, WEEK, _let_strikes_fade),
    Chore("let-roles-lapse", HOUR, HOUR // 2, _let_roles_lapse),
    Chore("collect-blobs", HOUR, 1200, _collect_blobs),
    Chore("watch-releases", HOUR, 300, _read_releases),
    Chore("collect-internal-files", 24 * HOUR, 2 * HOUR, _collect_internal_files),
    Chore("let-former-database-go", HOUR, 900, _let_former_go),
    Chore("mirror-documents", 60, 60, _mirror_documents),
    Chore("mend-search", 24 * HOUR, 12 * HOUR, _mend_search),
    Chore("examine-database", 24 * HOUR, 120, _examine_database),
    Chore("examine-node", HOUR // 4, 30, _examine_node),
    Chore("ranking-epoch", 24 * HOUR, 24 * HOUR, _new_epoch),
    Chore("prepare-days", HOUR, 1800, _prepare_days),
    Chore("pool-items", 24 * HOUR, 6 * HOUR, _pool_items),
)


def jobs_of(services: Services, threads: Executor) -> dict[str, Job]:
    """All chores, each done in one of `threads`; a coroutine, on the event loop."""

    async def do(chore: Chore) -> None:
        work = partial(copy_context().run, chore.do, services)
        done = await asyncio.get_running_loop().run_in_executor(threads, work)
        if inspect.isawaitable(done):
            await done

    return {chore.name: Job(chore.every, chore.first_in, partial(do, chore)) for chore in CHORES}
