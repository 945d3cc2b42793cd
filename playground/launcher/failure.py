class LaunchFailure(Exception):
    """What keeps a playground from starting, in one sentence that says what to do."""
