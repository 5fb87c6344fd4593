"""Scoring the learner model on logs and the feed in a simulator. Pure: draws and clocks are passed in.

rows → log → trials → kernel → fitting → learner               the learner model on data
world → policies → simulation                                the feed in a simulator, and documented as one
"""
