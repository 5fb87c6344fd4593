"""Made-up networks to measure rankings in: honest ones, seven attacks on them, and the rankings of others.

Chance comes in as a seeded `numpy.random.Generator`. A world is a simulation: it shows what the mathematics does
under stated assumptions, not what people do.
"""
