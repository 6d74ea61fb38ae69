"""The parts of the first experiment: the plain network, its search, and what it is set beside."""
