"""What runs a node: its folder, accounts, peers, moderation, backups."""
