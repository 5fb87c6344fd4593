"""Scoring the learner model on logs and the feed in a simulator. Pure: draws and clocks are passed in.

logs → kernel → fitting → learner        the learner model on data
simulator                                the feed in a simulator, and documented as one
"""
