from typing import Literal

#: What a process does: all of it, take in and answer over HTTP, decide, or deliver.
Role = Literal["all", "web", "worker", "sender"]
