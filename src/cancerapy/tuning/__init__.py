"""Tuning as a search in a state space: states, moves, a goal and a cost, within a time budget."""
