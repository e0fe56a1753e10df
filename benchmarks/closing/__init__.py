"""How long a month's closing takes beside the bare rendering of its reports. Run: ``python -m benchmarks.closing``."""
