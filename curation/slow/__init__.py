"""What changes once a day: trust, leniency, what to expect."""
