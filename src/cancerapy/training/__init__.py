"""From a plan and a data set to a trained network: plan, losses, the epoch loop, folds."""
