"""What the organisation keeps to itself: same formats as what is public, in no repository, for signed-in members."""
