"""Data sets: manifests, checks, splits, caches, augmentation."""
