"""Meetings: minutes published in time and confirmed by each participant."""
