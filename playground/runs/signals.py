from django.dispatch import Signal

# Sent with `run` when the turn of a run has come that is no chat: it is running, and its log has begun.
run_begun = Signal()
# Sent with `run` when somebody wants an open run to end.
cancel_wanted = Signal()
