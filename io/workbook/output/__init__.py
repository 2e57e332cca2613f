"""The planner's own sheets: built apart as a fresh workbook, one module a kind of sheet."""
