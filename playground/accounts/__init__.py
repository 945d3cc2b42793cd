"""People: users, guests, API tokens and quotas.

A guest is a user without an e-mail address, bound to a session. Signing in or up hands over what the guest made: other
applications listen to `signals.guest_joined`.
"""
