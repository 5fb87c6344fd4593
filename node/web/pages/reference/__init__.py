"""The classifications: occupations, their tasks, skills."""
