"""The services of a node in groups, each standing on those before: storage, hosting, curation, people, moderation."""
