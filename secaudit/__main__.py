"""`python -m secaudit` is the same as `secaudit`."""

from secaudit.cli.main import main

main()
