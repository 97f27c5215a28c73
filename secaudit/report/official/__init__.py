"""Documents by Decree 30/2020: what all of them share - the letter's head and foot, the officer's file, the writers."""
