"""What the bot understands and decides, for every platform alike."""
