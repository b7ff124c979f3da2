"""The API of connected systems: /api/v1/, described by OpenAPI, opened by scoped keys.

What the portal's pages do, a system does by the same services; nothing here decides anything.
"""
