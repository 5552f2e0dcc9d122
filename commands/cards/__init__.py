"""What each card shows: state to plain view data, with the actions its reader may take."""
