"""When things happen: Prefect flows, schedules and the command line."""
