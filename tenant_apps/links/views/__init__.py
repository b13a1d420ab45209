"""Linking accounts (`links`), entering from elsewhere (`passages`), the academy's staff (`postings`)."""
