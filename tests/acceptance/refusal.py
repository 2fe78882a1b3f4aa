import subprocess


def refusal(done: "subprocess.CompletedProcess[str]") -> str:
    """What a command that was refused says: one line on stderr, nothing on stdout, exit code 2."""
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("answerdesk: ")
    return lines[0]
