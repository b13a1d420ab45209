"""How a password is kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Hasher(Argon2PasswordHasher):
    """Argon2id at the minimum that OWASP asks (Password Storage Cheat Sheet): 19 MiB, two passes, one lane.

    Django's own takes 100 MiB and eight lanes, ten times the work: at 8:35 a class that signs in would wait for it.
    What was hashed otherwise stays good.
    """

    time_cost = 2
    memory_cost = 19_456  # KiB
    parallelism = 1
