"""The screens, one a file: plain functions from a scene to a list of controls."""
