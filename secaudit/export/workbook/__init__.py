"""The workbook in which officials fill in answers: written here, read back here."""
