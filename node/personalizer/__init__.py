"""The personalizer: private, local, explainable. Pure: state in, decision and reasons out.

    errors → words → levels → learner → review → worker, candidates → feedback → feed → adaptation → evaluation

Everything here concerns one worker and never leaves the worker's own node. Time and random draws are arguments.
"""
