"""Workbooks: one declarative schema drives reading, checking, templates and both languages."""
