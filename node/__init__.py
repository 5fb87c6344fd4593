"""SkillNet node: the application, and the only composition root."""
