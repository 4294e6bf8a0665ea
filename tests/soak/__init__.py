"""Random people make random moves; what must always hold is looked at after each."""
