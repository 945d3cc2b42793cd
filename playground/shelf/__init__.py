"""The library shelf: local copies of the npm packages that pages ask CDNs for.

`cdn` says which package an address of a CDN means; the rest pulls, keeps, builds and serves packages. Served on the
artifact host under the label `shelf`.
"""
