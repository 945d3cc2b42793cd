"""Settings and entry points: what is started (ASGI, Celery), what is served where (URLs, hosts)."""
