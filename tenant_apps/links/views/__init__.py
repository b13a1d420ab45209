"""Linking accounts (`links`), entering from elsewhere (`passages`)."""
