"""Disputes and breaches: mediated, handed in, ruled, executed."""
