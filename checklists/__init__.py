"""Requirements, check texts and phrases as data, shipped with the program."""
