"""What an author does with files: checked, published, offered, spoken for."""
