"""Logs of answers, in whatever form they are handed on: read, put in order, split into trials."""
