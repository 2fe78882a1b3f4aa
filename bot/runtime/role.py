"""The roles of a process; by themselves, so that what only names one need not load what does the work."""

from typing import Literal

#: All of it, take in and answer over HTTP, decide, or deliver.
Role = Literal["all", "web", "worker", "sender"]
