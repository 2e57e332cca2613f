"""Team scheduling: people, activities, teams and journeys on a line of ticks.

This floor knows no certification word, no date and no workbook. It takes a frozen `Problem` of
integers and answers with an `Outcome`: a solution, its figure on each level, and a proven bound.
"""
