from django.dispatch import Signal

# Sent with `version` when a new version has been committed.
version_saved = Signal()
