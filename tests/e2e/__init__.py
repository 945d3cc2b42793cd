"""Journeys in a real browser against the real launcher: Valkey, Celery worker, Demo reel and Daphne."""
