"""A module as one worker gets it: adapted, opened again as it was, reworded where both sides allow it."""
