"""The rules: pure functions over values, the moment passed in."""
