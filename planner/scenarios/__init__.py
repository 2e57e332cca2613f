"""What if: named changes of a body, each a pure function, and the plans that follow from them."""
