import json
import subprocess
import sys


def test_the_benchmark_prints_ratios_of_one_run() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "retrieval.bench", "--passages", "60", "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["passages"] == 60
    assert figures["ratio_p50"] > 0
    assert figures["question_p50_ms"] > 0
