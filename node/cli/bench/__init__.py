"""The group `bench`: published figures, measured again on this machine."""
