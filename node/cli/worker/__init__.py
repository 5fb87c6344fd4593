"""What a worker asks from a terminal or through an assistant."""
