"""The Demo reel: an OpenAI-compatible server that plays clips written by hand. No model is running.

It is what the playground shows without a key, through the same client and the same stream as a real model.

- `clips`: the clips, and which of them a wish means. A clip is a folder of `clip.toml`, `index.html` and what it needs.
- `excuse`: the answer to a wish without a clip.
- `pace`: an answer as tokens, at a model's speed.
- `chat`: requests and answers in the form of the OpenAI API.
- `app`: the ASGI application.
"""
