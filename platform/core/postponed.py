"""A write whose answer nobody reads."""


class Postponed(str):
    """The text of a statement that, in a transaction, leaves with the next one, COMMIT included: one message less.

    Its errors are those of that next statement. Outside a transaction it leaves at once.
    """

    __slots__ = ()
