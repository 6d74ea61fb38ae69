"""From the folders of public data sets to samples: one module per layout, standard library only."""
