"""Cards, documents and the words of each language, as data."""
