"""Failures that a person can meet. Each carries what a policy needs: a code, an HTTP status, whether to try again."""

from playground.protocol import Problem


class PlaygroundError(Exception):
    """`message` says what happened and what to do, in the reader's language."""

    def __init__(
        self, code: str, message: str, *, status: int = 400, retryable: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.retryable = retryable
        self.retry_after = retry_after  # seconds

    def problem(self) -> Problem:
        return Problem(code=self.code, message=self.message, retryable=self.retryable, retry_after=self.retry_after)


class BadInput(PlaygroundError):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message, status=400)


class NotFound(PlaygroundError):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message, status=404)


class QuotaExceeded(PlaygroundError):
    def __init__(self, code: str, message: str, retry_after: float | None = None) -> None:
        super().__init__(code, message, status=429, retryable=True, retry_after=retry_after)
