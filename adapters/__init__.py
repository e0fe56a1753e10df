"""How the system meets the world: inbox, workbooks, contract engine, store, rendering. Adapters do not import each other."""
