"""What a command shows and asks for: results, progress, passwords."""
