"""Placements abroad: a call, its students and hosts, one matching, and a decision with reasons for each student."""
