"""Which level reviews a record first: by its form's setting `ly:review`, its village and its sender."""

from __future__ import annotations

from functools import cached_property

from sqlalchemy import select

from server.checkers import find_form
from server.database import db
from server.form_changes import setting
from server.models import UserRole, review_levels


class FirstLevels:
    """The first levels of one sender's records; each form is asked once."""

    def __init__(self, user_id: str) -> None:
        self.user_id = user_id
        self._levels: dict[tuple[str, str], tuple[str, ...]] = {}

    def find(self, form: tuple[str, str], village: str) -> str:
        """Who reviews first; the village doesn't where there is none, nor what its own secretary sent.

        Args: form: id and version.
        """
        levels = self.levels_of(form)
        if levels[0] == "village" and (not village or village in self.headed):
            return levels[1] if levels[1:] else "town"
        return levels[0]

    def levels_of(self, form: tuple[str, str]) -> tuple[str, ...]:
        if form not in self._levels:
            found = find_form(*form)
            self._levels[form] = review_levels(setting(found[1].outline, "review") if found else "")
        return self._levels[form]

    @cached_property
    def headed(self) -> frozenset[str]:
        """The villages whose secretary the sender is."""
        posts = select(UserRole.village).filter_by(user_id=self.user_id, role="village_head")
        return frozenset(db.session.scalars(posts))
