"""Pictures as bytes: how large they are, and without what they say of where, when and by whom they were taken."""
