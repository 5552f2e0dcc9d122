"""Every schema that was released, and the way from each to the next."""
