"""Networks: backbones by name, the 1x1-convolution head, and the cut between frozen and trained."""
