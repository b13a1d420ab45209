"""Verbs: requests for help (`tickets`), what goes up of them (`headers`), what the assistance does here (`desk`), its
looking in, asked, granted and ended (`accesses`), its coming in (`entering`).
"""
