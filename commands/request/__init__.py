"""Requests: raised, answered, worked on, accepted, closed."""
