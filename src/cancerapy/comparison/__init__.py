"""Architectures side by side: how right they are, and what that costs."""
