"""Model bundles: their fields, writing, reading, verifying."""
