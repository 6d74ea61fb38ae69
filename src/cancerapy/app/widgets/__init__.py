"""Pieces that several screens share: plain functions from a scene to a control."""
