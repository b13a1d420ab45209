"""What a service says when the answer is no."""


class DomainError(Exception):
    """A rule of the field refuses the act. The message is in French, for the person who asked; nothing was changed."""

    def __init__(self, message: str, *, code: str = "refused") -> None:
        super().__init__(message)
        self.message = message
        self.code = code

    def __str__(self) -> str:
        return str(self.message)


class NotInACommune(RuntimeError):
    """Code that belongs to a commune ran without one: a fault of ours, never an empty answer."""
