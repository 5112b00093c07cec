"""What others saw to run: files of theirs become observations of components.

`recognise` tells what a file is by its content and reads it; `identify` finds the component that each name
in it means. What maps to nothing, or to two components, is told. No judgement is made here.
"""

from __future__ import annotations

from netproof.sources.observations.identify import Components, Identified, Observation, identify, read_mapping
from netproof.sources.observations.recognise import read_observations
from netproof.sources.observations.seen import Kind, Passed, Reading, Seen

__all__ = [
    "Components",
    "Identified",
    "Kind",
    "Observation",
    "Passed",
    "Reading",
    "Seen",
    "identify",
    "read_mapping",
    "read_observations",
]
