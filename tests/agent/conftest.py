"""What holds for every number holds however busy the machine is."""

from hypothesis import settings

# A deadline of 200 ms fails on a machine that does other things beside.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
