"""Prices and columns: linear programs over (activity, option, team), solved by generating the teams that pay."""
