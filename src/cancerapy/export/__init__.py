"""From a trained run to the bundle that is served."""
