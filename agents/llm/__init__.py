"""Model endpoints: what is asked (`types.ChatRequest`), what comes back (`types.StreamPart`), and who answers.

- `openai_compatible`: any server that speaks the OpenAI protocol, with the habits of real ones.
- `scripted`: plays given parts; for tests of what stands above.
"""
