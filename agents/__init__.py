"""Talking to models and, later, letting them work: a library without any framework."""
