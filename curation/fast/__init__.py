"""What follows each endorsement: scores, from the voices of some subjects."""
