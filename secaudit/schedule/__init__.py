"""When periodic work is due, and how the operating system's own scheduler is asked to call the program."""
