"""Taking a version home: one HTML file that needs no network, a zip with its recipe, a push to GitHub or Hugging Face.

`sources` knows all that a page can ask for, `inlining` puts it into one file, `recipe` tells how the version came
about, `archive` packs both, and `pushing` hands them to other services with the person's own token.
"""
