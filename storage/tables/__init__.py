"""The tables. Records have the same field names as in `commands.domain`; `tests/storage` compares them."""
