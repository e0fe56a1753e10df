"""A made-up year of a kommun: budget, twelve months of returns, ledger, books and texts, all of one seed and agreeing with each other."""
