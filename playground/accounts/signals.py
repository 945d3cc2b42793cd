from django.dispatch import Signal

# Sent with `guest` and `user` when a guest signs in or up, before the guest's row is deleted: hand over what is theirs.
guest_joined = Signal()
