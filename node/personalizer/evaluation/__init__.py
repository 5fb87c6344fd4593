"""Scoring the learner model on logs and the feed in a simulator. Pure: draws and clocks are passed in.

log → metrics → kernel → fitting → rivals → learner          the learner model on data
world → policies → simulation                                the feed in a simulator, and documented as one
"""
