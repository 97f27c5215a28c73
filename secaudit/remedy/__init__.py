"""Remediation items and their life: opened, assigned, due, done, verified, back again, accepted until a day."""
