import json
import subprocess
import sys
from pathlib import Path


def bench(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", *map(str, arguments)], capture_output=True, text=True, check=False
    )


def test_the_benchmark_prints_ratios_of_one_run_and_draws_them(tmp_path: Path) -> None:
    done = bench("--sizes", 60, "--count", 20, "--json", "--picture", tmp_path / "sizes.svg")
    assert done.returncode == 0, done.stderr
    [figures] = json.loads(done.stdout)
    asked, memory = figures["asked"]["short"], [figures["alone"], *figures["beside"], *figures["servers"]]
    assert figures["building"]["passages"] == 60
    assert figures["ratios"]["question / encoder alone"] == round(asked["whole"]["p50"] / asked["encoder"]["p50"], 4)
    assert all(0 < each["anonymous"] <= each["rss"] and each["uss"] <= each["pss"] <= each["rss"] for each in memory)
    assert all(each["uss"] < each["anonymous"] + 10 for each in figures["beside"]), "two share what is in files"
    assert 0 < figures["start_up"]["ready"] < figures["start_up"]["answered"]
    assert (tmp_path / "sizes.svg").read_text("utf-8").startswith("<svg")


def test_a_corpus_needs_its_questions(tmp_path: Path) -> None:
    done = bench("--corpus", tmp_path / "corpus.jsonl")
    assert done.returncode == 2
    assert "--questions" in done.stderr
