"""The draft of a protection plan (phương án bảo đảm an ninh mạng): the seven parts of Decree 331/2026 Art. 29.2."""
