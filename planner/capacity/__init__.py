"""Capacity: what is needed against what there is, what is too tight, how much more fits, whom to hire or train."""
