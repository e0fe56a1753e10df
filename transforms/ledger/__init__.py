"""The huvudbok: what a SIE file or a table of period balances says, as frames in whole öre. Pure."""
