from django.dispatch import Signal

# Sent with `version` when a new version has been committed.
version_saved = Signal()
# Sent with `artifact` when one that was not public has become so: see `services.tell_public`.
became_public = Signal()
