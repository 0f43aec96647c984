"""What can be wrong with a file."""


class Damaged(Exception):
    """The bytes are not what the specification allows."""


class NotSupported(Exception):
    """The bytes use something that version 1 of the format does not have."""


def require(condition, message):
    """Raises Damaged with the message when the condition does not hold."""
    if not condition:
        raise Damaged(message)
