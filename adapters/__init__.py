"""One folder a platform; nothing else knows them."""
