"""What the map can answer: pure questions on values."""
