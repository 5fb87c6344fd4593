"""From verdicts to voices: who is heard on a subject, and how loudly."""
