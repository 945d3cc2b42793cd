"""Model endpoints: what is asked (`types.ChatRequest`), what comes back (`types.StreamPart`), and who answers.

- `openai_compatible`: any server that speaks the OpenAI protocol, with the habits of real ones.
- `prefill`: how a server is told to go on with an answer that was cut.
- `tokens`: how many there may be, where no endpoint has counted.
- `scripted`: plays given parts; for tests of what stands above.
"""
