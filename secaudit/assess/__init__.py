"""Answers, evidence dates and findings become requirement status, scores and the 100 % figure."""
