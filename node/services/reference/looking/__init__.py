"""“Find my occupation, find my task”, over whatever reference data is in use."""
