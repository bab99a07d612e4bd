"""The one tree of errors; a docstring is the default message.

Please don't add a class here unless some caller treats it differently.
"""

from __future__ import annotations


class HuanyuError(Exception):
    """Something went wrong."""

    def __init__(self, message: str = "", /, **ids: object) -> None:
        self.ids = ids
        text = message or (type(self).__doc__ or "").strip()
        super().__init__(text)

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in self.ids.items())
        return f"{self.args[0]} ({told})" if told else str(self.args[0])


class ConfigError(HuanyuError):
    """The configuration cannot be used."""


class BadInput(HuanyuError):
    """An input item cannot be read."""


class NotFound(HuanyuError):
    """No such record."""


class Conflict(HuanyuError):
    """Somebody else changed it first."""


class NotAllowed(HuanyuError):
    """This person may not do that."""


class FactorNeeded(NotAllowed):
    """This person may do that once they have a second factor."""


class NotKnown(HuanyuError):
    """A system did not show who it is."""


class IllegalMove(HuanyuError):
    """No such arrow in the state table."""


class Blocked(HuanyuError):
    """An outgoing text did not pass its checks."""


class StoreAway(HuanyuError):
    """The database cannot be used just now: again later, with everything else."""

    def __init__(self, message: str = "", /, why: str = "", **ids: object) -> None:
        super().__init__(message, **ids)
        self.why = why  #: key of huanyu.store.trouble.TOLD


class ModelError(HuanyuError):
    """The classifier's model is missing, damaged or below its floors."""


class ChannelError(HuanyuError):
    """A message did not demonstrably go out."""


class Refused(ChannelError):
    """The platform refused for good: never again by itself."""

    def __init__(self, message: str = "", /, whole_account: bool = False, **ids: object) -> None:
        super().__init__(message, **ids)
        self.whole_account = (
            whole_account  #: not this text but the account: its token, its rights, its set-up
        )


class Unavailable(ChannelError):
    """Nothing was accepted: again later."""

    def __init__(self, message: str = "", /, retry_after: float | None = None, **ids: object) -> None:
        super().__init__(message, **ids)
        self.retry_after = retry_after


class Unknown(ChannelError):
    """It may have been accepted: read back or let a person look, never retry blindly."""

    def __init__(self, message: str = "", /, platform_id: str = "", **ids: object) -> None:
        super().__init__(message, **ids)
        self.platform_id = platform_id  #: what the platform called it, where it said so much: read back by it
