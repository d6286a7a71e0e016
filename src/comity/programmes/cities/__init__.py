"""Partner cities: a round of two countries, its pairs, their evidence, and what becomes of them."""
