"""How a lesson differs from its module: a pure function of (version, p, slots, overrides), always shown and reversible.

blocks → variants → rules → adapting → receipt
"""
