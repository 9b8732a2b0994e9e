"""The library by the Model Context Protocol: tools and articles, over HTTP and over stdio.

Importing this imports nothing of the SDK, which is in the extra `mcp`.
"""
