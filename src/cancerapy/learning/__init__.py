"""Learning from confirmed cases: what is collected, what is retrained, and what is promoted."""
