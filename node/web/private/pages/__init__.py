"""PRIVATE: a worker's own pages. Each asks for Action.LEARN first, is never stored, answers about the viewer alone.

words → door → asked, items, changes, occupations, endorsing → outcomes → today, lesson, profile, beliefs, takeaway,
elsewhere → routes
"""
