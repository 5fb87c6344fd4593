"""Errors of the personalizer.

node.errors.Malformed
└── PersonalizerError
    ├── StateInvalid        a stored learner state cannot be read
    ├── LevelUnknown        not one of the five Dreyfus levels
    ├── OutcomeUnknown      not one of the outcomes a worker can report
    ├── FeedbackUnknown     not one of the three kinds of feedback
    ├── SlotValueUnknown    a slot takes only the values its module declares
    ├── OverrideInvalid     an override names a block the module has not, or a setting there is not
    ├── HistoryInvalid      a file of work history cannot be read
    ├── RewriteRefused      a reworded passage changes what is frozen
    ├── ReceiptInvalid      a receipt does not replay against this version
    └── LogInvalid          an evaluation log is not of the contract's form
"""

from __future__ import annotations

from node.errors import Malformed


class PersonalizerError(Malformed):
    """The personalizer cannot use this input."""


class StateInvalid(PersonalizerError):
    """This learner state cannot be read."""

    hint = "Rebuild it from the worker's recorded outcomes."


class LevelUnknown(PersonalizerError):
    """There is no such level."""

    hint = "Levels are novice, advanced-beginner, competent, proficient, expert."


class OutcomeUnknown(PersonalizerError):
    """There is no such outcome."""

    hint = "Outcomes are alone, with-a-hint, with-help, not, skipped."


class FeedbackUnknown(PersonalizerError):
    """There is no such feedback."""

    hint = "Feedback is less-like-this, i-know-this or not-my-goal."


class SlotValueUnknown(PersonalizerError):
    """A slot takes only the values its module declares."""


class OverrideInvalid(PersonalizerError):
    """That part of the lesson cannot be set so."""

    hint = "An override is show, hide, or steps:N, for a block the module has."


class HistoryInvalid(PersonalizerError):
    """This work history cannot be read."""

    hint = "A JSON Resume, a plain list, a table, xAPI or cmi5 statements, or a git log."


class RewriteRefused(PersonalizerError):
    """The reworded passage cannot be used; the lesson stays as it is."""


class ReceiptInvalid(PersonalizerError):
    """This receipt does not belong to this version of the module."""

    hint = "Open the version the receipt names, or take the lesson anew."


class LogInvalid(PersonalizerError):
    """This log cannot be read."""

    hint = "Columns: user_id,item_id,skill_id,correct,timestamp[,split]."
