"""What the node believes of one worker's skills: a Gaussian over skills with a graph prior, and decayed traces.

graph → prior → shared → state → features → prediction → outcomes → update → difficulty
"""
