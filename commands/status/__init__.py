"""Where things stand, the daily check-in, and the settings people keep in chat."""
