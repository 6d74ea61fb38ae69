"""Who asks: accounts with roles, passwords, tokens, and what keeps guessing slow."""
