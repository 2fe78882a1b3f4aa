"""What commands print, by how they end."""

import json
import subprocess
from typing import Any

from tests.acceptance.conftest import answerdesk


def printed(*arguments: object, code: int = 0, **options: Any) -> str:
    """What a command prints that does its work."""
    done = answerdesk(*arguments, **options)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


def told(*arguments: object, code: int = 0, **options: Any) -> Any:
    """What a command prints for programs."""
    return json.loads(printed(*arguments, "--json", code=code, **options))


def refusal(done: "subprocess.CompletedProcess[str]") -> str:
    """What a command that was refused says: one line on stderr, nothing on stdout, exit code 2."""
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("answerdesk: ")
    return lines[0]
