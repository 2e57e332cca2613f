"""Why, why not, what would help, and what each choice costs: answers about one body and its plan."""
