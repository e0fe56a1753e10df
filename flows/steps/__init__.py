"""The steps of a closing, one module each, in order: collect, check, compute, report, render. Prefect is not known here."""
