"""Occupations, tasks and skills as O*NET, ESCO and ISCO have them; the graph they span; looking them up."""
