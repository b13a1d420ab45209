"""Verbs: linking accounts (`links`), entering by what was proved elsewhere (`passages`), the academy's
staff who come and go (`postings`).
"""
