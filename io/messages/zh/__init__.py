"""Chinese catalogues."""
