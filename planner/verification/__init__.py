"""The independent verification: every hard rule of a plan a second time, from domain objects and dates.

Nothing here is shared with the code that builds the problem: no qualification, window, journey or eligibility
of the planner is imported, only the objects themselves and the facts of calendars and distances.
"""
