"""The playground as an MCP server: agents from elsewhere publish, list, read, update and check artifacts.

`tools` says what they may call and does it through the services, with the rights of the token's owner; `server` speaks
the protocol, `views` answers at `/mcp`. Nothing is kept between two requests, so any web node answers any of them.
"""
