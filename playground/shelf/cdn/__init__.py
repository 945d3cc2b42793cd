"""Addresses of CDNs as addresses on the shelf. Pure."""
