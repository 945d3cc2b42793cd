class ProviderError(Exception):
    """A model endpoint did not do what was asked.

    `message` says what happened and what to do, in a sentence or two; it never holds the key.
    `retryable` says whether the same request may succeed later; `retry_after` is in seconds, where the server gave it.
    """

    def __init__(self, code: str, message: str, *, retryable: bool = False, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.retryable = retryable
        self.retry_after = retry_after
