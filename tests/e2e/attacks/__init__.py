"""Attacks on the playground from inside an artifact, and what an artifact must still be able to do.

Each attack is run twice: against the real playground, where it must fail, and against `weak.py`, a deployment that
makes every mistake, where it must succeed. So an attack that has lost its sting is noticed.
"""
