"""The statements of a closing of the books: sums by form, balanskrav, nyckeltal, consolidation, and how they agree with each other."""
