"""The yearly progress report of the commune's own plan: a BÁO CÁO by Decree 30/2020."""
