"""Fits what images and answers say to the agent, and measures what its decisions are worth."""
