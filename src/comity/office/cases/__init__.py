"""Applications, cases, decisions and awards, and the one recipe by which scarce things are given."""
