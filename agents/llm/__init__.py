"""Model endpoints: what is asked (`types.ChatRequest`), what comes back (`types.StreamPart`), and who answers.

- `openai_compatible`: any server that speaks the OpenAI protocol, with the habits of real ones.
- `answers`: a whole answer of a model that calls tools; `tool_calls` and `leaked_calls` find the calls.
- `prefill`: how a server is told to go on with an answer that was cut.
- `tokens`: how many there may be, where no endpoint has counted.
- `scripted`: plays given parts; for tests of what stands above.
"""
