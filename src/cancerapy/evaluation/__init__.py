"""Reads predictions and says what they are worth; it neither trains nor predicts."""
