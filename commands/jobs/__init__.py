"""What the scheduler does when a timer is due: same context, the actor is the clock."""
