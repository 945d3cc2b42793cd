"""What a process counts of itself for `/metrics`. What all processes share is read from the stores at each scrape."""

from prometheus_client import Gauge, Histogram

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640)

REQUESTS = Histogram(
    "playground_http_request_seconds",
    "Until an answer's head was ready, of requests to the app's host",
    ["method", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
FIRST_TOKEN = Histogram(
    "playground_run_first_token_seconds", "From the wish until the model's first words", buckets=_SECONDS
)
DURATION = Histogram(
    "playground_run_seconds", "From the wish until the end of the answer", ["status"], buckets=_SECONDS
)
FOLLOWERS = Gauge("playground_followers", "Streams of runs that are being followed from this process")
