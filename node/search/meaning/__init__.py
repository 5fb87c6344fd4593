"""Optional: likeness of meaning, from a model or endpoint that the operator names. Nothing is ever downloaded."""
