from django.dispatch import Signal

# Sent with `guest` and `user` when a guest signs in to an account, before the guest is deleted: hand over their work.
guest_joined = Signal()
