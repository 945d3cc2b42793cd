"""Webhooks: a person's own address is told when an artifact is published, or submitted to the gallery.

`services` is the only writer: it puts down what is to be delivered and keeps what became of it. `sending` speaks to
the address, `network` says which addresses may be spoken to, `tasks` does it. The database owns the deliveries; a
message is only a wake-up. Signed as the Standard Webhooks specification says: https://www.standardwebhooks.com
"""
