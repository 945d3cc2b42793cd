"""People: users, guests, API tokens and quotas.

A guest is a user without an e-mail address, bound to a session. Signing up with a password makes the guest a member, in
place; any other way in hands over what the guest made: other applications listen to `signals.guest_joined`.
"""
