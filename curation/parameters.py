"""The constants of the ranking, with the defaults measured in the design."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameters:
    """Constants of Trust-Bounded Bridging Rank. Greek names are those of `docs/explanation/curation`."""

    trust_decay: float = 0.8
    """α: the share of its own trust that an organisation can hand on."""
    vouch_half: float = 2.0
    """κ_v: the number of vouching practitioners at which half of that share is handed on."""
    trust_cut: float = 0.02
    """Trust below this counts as none."""
    quorum: int = 2
    """q: how many trusted organisations must speak for a new one; the viewer alone suffices."""
    voice_half: float = 0.35
    """k_o: the summed weight at which an organisation speaks with half of its trust."""
    own_voice: float = 0.15
    """λ_self: what an organisation's voice on its own modules is multiplied by."""
    branch_limit: float = 1.0
    """B: everything trusted through u speaks with at most B times the trust in u."""
    prior_weight: float = 1.0
    """κ0: evidence that the prior counts as."""
    factor_weight: float = 1.0
    """κ_f: ridge on the slope along the factor that divides organisations."""
    caution: float = 0.7
    """z: standard errors taken off the mean."""
    half_life: float = 365.0
    """H: days after which an endorsement weighs half."""
    off_occupation: float = 0.5
    """Weight of an endorsement by somebody of another occupation."""
    off_task: float = 0.15
    """Weight, where a task is asked for, of an endorsement from use on another task."""
    version_decay: float = 0.25
    """γ: weight kept per major version that the endorsed one is behind."""
    strongest: int = 64
    """K: how many organisations are heard on one subject."""
    extreme_voice: float = 0.25
    """How much voice at each end of the opinions on a subject is not counted …"""
    extreme_share: float = 0.25
    """… and at most this share of all voice on it."""
    prior_floor: float = 0.3
    """The prior p0 is never below this …"""
    prior_offset: float = 0.2
    """… and otherwise the mean outcome less this."""
    overlap_half: float = 10.0
    """Subjects endorsed by both organisations at which half of their agreement counts as redundancy."""
    rounds: int = 15
    """Rounds of alternating least squares."""
    intercept_penalty: float = 0.45
    """Penalty on a subject's intercept, as a share of the voice per subject."""
    leniency_penalty: float = 0.15
    """Penalty on an organisation's leniency, as a share of the voice per organisation."""
    factor_penalty: float = 0.03
    """Penalty on both factors, as a share of the voice per organisation."""
    factor_clip: float = 2.0
    """Largest factor, after scaling to a root mean square of 1."""
