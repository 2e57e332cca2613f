"""English catalogues."""
