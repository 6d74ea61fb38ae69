"""One experiment of the report a file, each with one ``EXPERIMENT``."""
