"""What a package has used of its bounds so far; packages inside it draw on the same account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netproof.integrity.packages import limits
from netproof.integrity.packages.refusal import Refusal, refuse

if TYPE_CHECKING:
    from netproof.errors import SourceError


class Budget:
    """An account of members, names and unpacked bytes."""

    def __init__(self) -> None:
        self._members = self._nodes = self._names = self._bytes = self._steps = 0
        self._spent = False

    @property
    def spent(self) -> bool:
        """Whether a bound of the whole package was passed, not only one of a package inside it."""
        return self._spent

    def member(self, place: str, characters: int) -> None:
        """Count a member and the length of its name.

        Raises:
            SourceError: There are too many.
        """
        self._members += 1
        self._names += characters
        if self._members > limits.MEMBERS_MAX:
            raise self._refuse(place, Refusal.NUMBER, f"more than {limits.MEMBERS_MAX:,} members")
        if self._names > limits.NAMES_MAX:
            raise self._refuse(place, Refusal.NUMBER, f"names of more than {limits.NAMES_MAX:,} characters")

    def node(self, place: str) -> None:
        """Count a member or folder of the tree of names.

        Raises:
            SourceError: There are too many.
        """
        self._nodes += 1
        if self._nodes > limits.NODES_MAX:
            raise self._refuse(place, Refusal.NUMBER, f"more than {limits.NODES_MAX:,} members and folders")

    def unpacked(self, place: str, count: int) -> None:
        """Count bytes that a decompressor gave.

        Raises:
            SourceError: There are too many.
        """
        self._bytes += count
        if self._bytes > limits.UNPACKED_BYTES_MAX:
            raise self._refuse(place, Refusal.SIZE, f"more than {limits.UNPACKED_BYTES_MAX:,} unpacked bytes")

    def steps(self, place: str, count: int) -> None:
        """Count steps along links.

        Raises:
            SourceError: There are too many.
        """
        self._steps += count
        if self._steps > limits.LINK_STEPS_MAX:
            raise self._refuse(
                place, Refusal.LINK_LOOP, f"more than {limits.LINK_STEPS_MAX:,} steps along links"
            )

    def _refuse(self, place: str, refusal: Refusal, got: str) -> SourceError:
        """Return the refusal and note that it ends the whole package."""
        self._spent = True
        return refuse(place, refusal, got)
