"""Calendars: the plan as iCalendar feeds."""
