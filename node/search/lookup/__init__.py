"""“Find my occupation, find my task”: job titles and plain sentences → what the reference data calls them."""
