"""Stages of a measurement, each in a process of its own, so that memory and caches are its own.

Run by itself, it is that process: the stage's name is its argument, what the stage is given comes as JSON on stdin, and
what it measured goes as JSON to stdout.
"""

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter
from pydantic_core import to_json

#: The function that a stage is, loaded only in its process.
STAGES = {
    "build": ("tests.benchmarks.building", "measure_building"),
    "ask": ("tests.benchmarks.asking", "measure_asking"),
    "peer": ("tests.benchmarks.peers", "measure_peer"),
}

T = TypeVar("T")


def apart(stage: str, kind: type[T], folder: Path, **given: Any) -> T:
    """What a stage measures in a work folder; RuntimeError when its process fails."""
    done = subprocess.run(  # this very module
        [sys.executable, "-m", __spec__.name, stage, str(folder)],
        input=json.dumps(given),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"The stage {stage!r} failed; what it said is above.")
    return TypeAdapter(kind).validate_json(done.stdout)


if __name__ == "__main__":
    _, stage, folder = sys.argv
    module, name = STAGES[stage]
    found = getattr(importlib.import_module(module), name)(Path(folder), **json.load(sys.stdin))
    print(to_json(found).decode())
