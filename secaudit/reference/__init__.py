"""What the program knows of the world as data: paths to look for, systems, ends of life, known vulnerabilities."""
