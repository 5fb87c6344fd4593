"""Pure ranking of public contributions: Trust-Bounded Bridging Rank, freshness, explanations, worlds to test them in.

No I/O, no clock, no randomness of its own: time and draws are arguments. Start at `curation.ranking.Ranking`.
"""
