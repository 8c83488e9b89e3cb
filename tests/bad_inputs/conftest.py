"""The small town of the door tests, for what is done to its doors."""

from tests.server.conftest import cadre, sign_in, town_app, town_instance

__all__ = ["cadre", "sign_in", "town_app", "town_instance"]
