"""Finds the reasons behind a score, by comparing the voices after each step of the fast layer."""

from dataclasses import dataclass

import numpy as np

from curation.arrays import Flags, Floats, Integers
from curation.explaining.explanation import DropCode, Dropped, Explanation, VoiceHeard, WouldRaise
from curation.fast.board import Board
from curation.fast.bridging import bridged
from curation.fast.fast_layer import Hearing
from curation.fast.seats import Seats
from curation.slow.slow_layer import UNTRUSTED, SlowLayer
from curation.stated.endorsement_rows import EndorsementTable
from curation.voices.cells import Cells, Counter
from curation.voices.ledger import Ledger
from curation.voices.voices import Voices, loudest_negative
from curation.voices.weights import DAY, SCALE

NEGLIGIBLE = 1e-3
WORTH_SAYING = 0.005  # a gain is said with two decimals
TRIED = 12
SHOWN = 3


@dataclass(frozen=True, slots=True)
class _Case:
    """Everything known about one subject under one question."""

    subject: int
    board: Board
    seats: Seats
    slow: SlowLayer
    counter: Counter

    @property
    def names(self) -> tuple[str, ...]:
        return self.slow.circle.organisations


def explained(subject: str, board: Board, seats: Seats, slow: SlowLayer, counter: Counter) -> Explanation:
    """Explain the position of a subject; an unknown one stands on the prior."""
    number = counter.contributions.subjects.number(subject)
    case = _Case(number, board, seats, slow, counter)
    value, mean, evidence = board.scores([number])[0].tolist()
    hearing = board.hearing(number)
    return Explanation(
        subject=subject,
        task=counter.task,
        ranked=len(slow.circle.organisations) > 1,
        score=value,
        mean=mean,
        evidence=evidence,
        prior=slow.prior,
        voices=_voices(case, hearing),
        dropped=(*_dropped_endorsements(case), *_dropped_voices(case, hearing)),
        what_would_raise=_what_would_raise(case, value),
    )


def _voices(case: _Case, hearing: Hearing) -> tuple[VoiceHeard, ...]:
    final, prior = hearing.final, case.slow.prior
    total = float(final.voice.sum()) + case.counter.parameters.prior_weight
    heard = [
        VoiceHeard(
            organisation=case.names[organisation],
            opinion=opinion,
            voice=voice,
            contribution=voice * (counting - prior) / total,
            trust=float(case.slow.circle.tree.trust[organisation]),
            trust_path=_path(case, organisation),
        )
        for organisation, voice, opinion, counting in zip(
            final.organisation.tolist(),
            final.voice.tolist(),
            hearing.strongest.opinion.tolist(),
            final.opinion.tolist(),
            strict=True,
        )
    ]
    return tuple(sorted(heard, key=lambda voice: (-abs(voice.contribution), voice.organisation)))


def _path(case: _Case, organisation: int) -> tuple[str, ...]:
    circle = case.slow.circle
    line = [place for place in circle.tree.lines[organisation].tolist() if place >= 0]
    return tuple(case.names[place] for place in (circle.viewer, *reversed(line)))


def _dropped_endorsements(case: _Case) -> list[Dropped]:
    table = case.counter.contributions.table((case.subject,))
    if len(table) == 0:
        return []
    people = case.counter.contributions.people
    positions = np.array([case.seats.position(int(account)) for account in table.by], np.int64)
    outside = positions == UNTRUSTED
    strangers = sorted({people.name(people.organisation_of(int(account))) for account in table.by[outside]})
    dropped = [Dropped("organisation-not-trusted", int(outside.sum()), tuple(strangers))] if strangers else []
    return dropped + _weighed_less(case, table, ~outside)


def _weighed_less(case: _Case, table: EndorsementTable, trusted: Flags) -> list[Dropped]:
    counter, subjects = case.counter, case.counter.contributions.subjects
    task = None if counter.task is None else counter.contributions.tasks.find(counter.task)
    people = counter.contributions.people
    wanted = people.occupation_set(counter.contributions.task_occupations(counter.task)) if counter.task else 0
    sets = np.full(len(table), wanted or subjects.occupation_set(case.subject))
    reasons: list[tuple[DropCode, Flags]] = [
        ("earlier-version", table.major < subjects.major(case.subject)),
        ("other-occupation", ~people.sharing_occupation(table.by, sets)),
        ("other-task", table.task != task if counter.task else np.zeros(len(table), np.bool_)),
        ("aged", counter.weights.at - table.at > counter.parameters.half_life * DAY),
    ]
    counts = [(code, int((applies & trusted).sum())) for code, applies in reasons]
    return [Dropped(code, count) for code, count in counts if count]


def _dropped_voices(case: _Case, hearing: Hearing) -> list[Dropped]:
    parameters = case.counter.parameters
    dropped: list[Dropped] = []
    own = hearing.raised.organisation == case.seats.author_position(case.subject)
    if own.any():
        lost = hearing.raised.voice[own] * (1.0 / parameters.own_voice - 1.0) if parameters.own_voice else np.zeros(1)
        dropped.append(Dropped("own-subject", 0, _names(case, hearing.raised.organisation[own]), float(lost.sum())))
    weak = ~np.isin(hearing.raised.organisation, hearing.strongest.organisation)
    if weak.any():
        lost = hearing.raised.voice[weak]
        dropped.append(
            Dropped("beyond-strongest", 0, _names(case, hearing.raised.organisation[weak]), float(lost.sum()))
        )
    alone = loudest_negative(hearing.strongest)
    if len(alone):
        lost = hearing.strongest.voice[alone] - hearing.agreed.voice[alone]
        names = _names(case, hearing.strongest.organisation[alone])
        dropped.append(Dropped("single-criticism", 0, names, float(lost.sum())))
    dropped += _lost(case, "extreme-opinion", hearing.agreed, hearing.moderate)
    dropped += _lost(case, "branch-limit", hearing.moderate, hearing.capped)
    return dropped + _lost(case, "repeats-others", hearing.capped, hearing.final)


def _lost(case: _Case, code: DropCode, before: Voices, after: Voices) -> list[Dropped]:
    lost: Floats = before.voice - after.voice
    affected = lost > NEGLIGIBLE
    if not affected.any():
        return []
    return [Dropped(code, 0, _names(case, before.organisation[affected]), float(lost[affected].sum()))]


def _names(case: _Case, organisations: Integers) -> tuple[str, ...]:
    return tuple(case.names[organisation] for organisation in organisations.tolist())


def _what_would_raise(case: _Case, value: float) -> tuple[WouldRaise, ...]:
    """Try one fresh "works" from each of the most trusted organisations that are not the author's."""
    cells = case.board.cells(case.subject)
    author = case.seats.author_position(case.subject)
    by_trust = np.argsort(-case.slow.circle.tree.trust, kind="stable").tolist()
    tried = [organisation for organisation in by_trust if organisation != author][:TRIED]
    gains = [(_value_with(case, cells, organisation) - value, organisation) for organisation in tried]
    best = sorted((gain for gain in gains if gain[0] >= WORTH_SAYING), key=lambda gain: (-gain[0], gain[1]))
    return tuple(WouldRaise(case.names[organisation], gain) for gain, organisation in best[:SHOWN])


def _value_with(case: _Case, cells: Cells, organisation: int) -> float:
    more = Ledger()
    more.put_page(case.subject, cells)
    more.add(case.subject, organisation, SCALE, 2 * SCALE)
    final = case.board.hearing_of(case.subject, more.cells(case.subject)).final
    return float(bridged(final, 1, case.slow.lean, case.slow.prior, case.counter.parameters).value[0])
