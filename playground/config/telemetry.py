"""OpenTelemetry, by the `otel` extra: switched on where the standard variables name somebody to send traces to.

Nothing of it is imported otherwise.
"""

import os
from importlib import import_module

from django.core.exceptions import ImproperlyConfigured

_TARGETS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_INSTRUMENTORS = (
    ("django", "DjangoInstrumentor"),
    ("celery", "CeleryInstrumentor"),
    ("httpx", "HTTPX2ClientInstrumentor"),
)


def is_wanted() -> bool:
    is_off = (
        os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true" or os.environ.get("OTEL_TRACES_EXPORTER") == "none"
    )
    return not is_off and any(os.environ.get(name) for name in _TARGETS)


def begin_telemetry() -> None:
    """Before Django's middleware is loaded, and in each process of a worker."""
    if not is_wanted():
        return
    os.environ.setdefault("OTEL_SERVICE_NAME", "playground")
    os.environ.setdefault("OTEL_PYTHON_DJANGO_EXCLUDED_URLS", "healthz,readyz,metrics")
    try:
        trace = import_module("opentelemetry.trace")
        sdk = import_module("opentelemetry.sdk.trace")
        batch = import_module("opentelemetry.sdk.trace.export")
        otlp = import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
        instrumentors = [
            getattr(import_module(f"opentelemetry.instrumentation.{module}"), name) for module, name in _INSTRUMENTORS
        ]
    except ImportError as error:
        raise ImproperlyConfigured(
            f"OTEL_EXPORTER_OTLP_ENDPOINT is set, but {error.name} is missing: install the `otel` extra."
        ) from error
    provider = sdk.TracerProvider()
    provider.add_span_processor(batch.BatchSpanProcessor(otlp.OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    for instrumentor in instrumentors:
        instrumentor().instrument()
