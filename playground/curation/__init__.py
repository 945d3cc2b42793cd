"""Keeping the gallery: who may, what is decided about entries, reports and people, and what mends itself.

`moderation` is against an artifact or a person, `curating` about entries, `arranging` about their order. `blocklist`
holds submissions back, `reports` are visitors' words, `health` checks each night what is shown, `repairs` has it
mended. The pages at `/curate/` are in `pages`.
"""
