"""The two doors: the feed (who I am becoming) and help for a task (what I face now).

columns → estimates → relevance → utility → reasons → selection → places → building
"""
