"""PRIVATE: doors to one worker's own data: JSON interface, private feeds, assistants. None is ever cached."""
