"""What was stated publicly, held in numbers."""
