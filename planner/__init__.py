"""What certification means: domain objects, rules, plans and their verification.

This floor knows no Excel and no command line. It turns a `Body` into a scheduling problem for the
solver below and its answer into a verified `Plan`.
"""
