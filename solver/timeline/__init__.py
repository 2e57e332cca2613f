"""Problems in which everything must be carried out and only the clock is dear: starts as numbers, people by kind."""
