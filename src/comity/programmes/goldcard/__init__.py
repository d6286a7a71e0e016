"""The Employment Gold Card: which criteria of the digital field a person meets, what proves each, what is missing."""
