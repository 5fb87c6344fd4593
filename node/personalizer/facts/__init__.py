"""What a passage says that no rewording may say otherwise."""
