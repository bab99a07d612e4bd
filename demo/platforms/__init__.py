"""Local servers that play the publishing platforms, field by field, and misbehave on request."""
