"""How long an årsredovisning of about a hundred pages takes beside its bare rendering. Run: ``python -m benchmarks.annual``."""
