"""The Demo reel: an OpenAI-compatible server that plays clips written by hand. No model is running.

It is what the playground shows without a key, through the same client and the same stream as a real model. `clips`
finds and composes the answers, `pace` cuts them into tokens, `app` is the ASGI application.
"""
