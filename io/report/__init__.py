"""The plan of a book as one self-contained page of HTML: for whoever does not open the book."""
