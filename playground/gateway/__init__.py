"""Which model endpoints exist, who may use them, and what they cost.

Endpoints come from an admin, from the environment (`environment`), or are the Demo reel. `services.provider_for` gives
the client that talks to one.
"""
