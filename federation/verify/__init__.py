"""Verification of what other hosts send: pure, complete, before anything is stored."""

from federation.verify.event import VerifiedCommit, VerifiedHead, VerifiedOp, verify_commit_event, verify_sync_event
from federation.verify.limits import KnownState, VerificationLimits
from federation.verify.whole import VerifiedRepo, verify_record_proof, verify_repo_car

__all__ = [
    "KnownState",
    "VerificationLimits",
    "VerifiedCommit",
    "VerifiedHead",
    "VerifiedOp",
    "VerifiedRepo",
    "verify_commit_event",
    "verify_record_proof",
    "verify_repo_car",
    "verify_sync_event",
]
