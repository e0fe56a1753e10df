"""What is true: pure functions, frames in and frames out. No I/O, clock, randomness, logging or Prefect."""
