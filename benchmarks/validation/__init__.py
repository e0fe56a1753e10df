"""Throughput and memory of validating many large returns in one closing, beside three other ways."""
