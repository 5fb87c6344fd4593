"""What authors do with their works: drafts, publishing, suggestions, making public, renewing, and the end of it."""
