"""The interface for other systems: tokens instead of sessions, JSON instead of pages."""
