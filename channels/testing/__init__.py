"""The conformance kit: what an adapter is tested with, ours like anybody's.

A Host that keeps everything in memory, real servers on loopback, the platforms' stand-ins (`channels.testing.slack` and
so on), and the suite that every adapter passes (`channels.testing.contract`, which needs pytest).
"""

from channels.testing.faults import Fate, FateName
from channels.testing.http_server import Served, served
from channels.testing.memory_host import HostReply, MemoryHost
from channels.testing.platform import Delivered, Heard, Platform
from channels.testing.running_channel import Running

__all__ = [
    "Delivered",
    "Fate",
    "FateName",
    "Heard",
    "HostReply",
    "MemoryHost",
    "Platform",
    "Running",
    "Served",
    "served",
]
