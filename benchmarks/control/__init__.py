"""What checking one return costs: in the process of the inbox flow, and as a command of its own."""
