"""Prints how many sayings of each kind are read as what they are: `python -m tests.language [develop|test] [wrong]`."""

import sys
from collections import Counter
from typing import cast

from tests.language.said import GROUPS, REMARKS, Half, Saying, is_right, kinds, outcome, sayings


def main(half: Half, *, with_wrong: bool) -> None:
    """Print a table of one half; with what was read wrongly below each kind, where that is wanted."""
    print(f"| {half} | {' | '.join(GROUPS)} | all | cases |")
    print("|---" * (len(GROUPS) + 3) + "|")
    for kind in kinds():
        if kind != "negation":  # what is answered there needs pages
            wrong = _row(kind, list(sayings(kind, half)))
            print("\n".join(wrong) if with_wrong else "", end="\n" if with_wrong and wrong else "")


def _row(kind: str, said: list[Saying]) -> list[str]:
    """Print the row of a kind; give what was wrong, a line each."""
    of, right, cases, wrong = Counter[str](), Counter[str](), 0, []
    for each in said:
        found = outcome(each)
        group = next(name for name, languages in GROUPS.items() if each.language in languages)
        of[group] += 1
        cases += found.opens_case
        if is_right(each, found):
            right[group] += 1
        else:
            looked_up = [query.question for query in found.interpretation.queries]
            case = ", opens a case" if found.opens_case else ""
            wrong.append(f"    {each.language}: {each.text} → {found.interpretation.intent} {looked_up}{case}")
    shares = " | ".join(f"{right[group]}/{of[group]}" if of[group] else "" for group in GROUPS)
    told = f"{cases / of.total():.3f}" if kind in REMARKS else ""
    print(f"| {kind} | {shares} | {right.total() / of.total():.3f} | {told} |")
    return wrong


if __name__ == "__main__":
    main(cast("Half", (*sys.argv[1:], "develop")[0]), with_wrong="wrong" in sys.argv)
