"""Verbs: linking accounts (`links`), entering by what was proved elsewhere (`passages`)."""
