# Developer and evaluator entry points; see README.md.
