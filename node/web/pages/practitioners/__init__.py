"""Practitioners: what they published, who vouches for them, how one becomes one."""
