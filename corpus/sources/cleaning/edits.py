"""Changes to parts of a Markdown text, found in what markdown-it says of its paragraphs."""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

from corpus.markdown_outline import text_lines

#: A part of a text that is replaced: from, to, and by what.
Edit = tuple[int, int, str]


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with its parts replaced; of parts that overlap, the first and longest counts."""
    pieces, written = [], 0
    for start, end, new in sorted(edits, key=lambda edit: (edit[0], -edit[1])):
        if start >= written:
            pieces += [text[written:start], new]
            written = end
    return "".join([*pieces, text[written:]])


class SourceLines:
    """The lines of a text, and where in them stands what a paragraph, heading or cell holds."""

    def __init__(self, text: str) -> None:
        self._lines = text_lines(text)
        self._starts = list(accumulate(map(len, self._lines), initial=0))
        # How far each line was read: the cells of a table share theirs.
        self._read = [0] * len(self._lines)

    def range(self, first: int, last: int) -> tuple[int, int]:
        """Start and end of the lines from `first` to before `last`, with blank lines after them."""
        last = min(last, len(self._lines))
        while last < len(self._lines) and not self._lines[last].strip():
            last += 1
        return self._starts[first], self._starts[last]

    def whole(self, place: int, first: int, last: int) -> tuple[int, int]:
        """The part that goes with a paragraph, which begins at `place`: its lines, without the mark of an item."""
        start, end = self.range(first, last)
        mark = self._lines[first][: place - self._starts[first]]
        following = self._lines[bisect_right(self._starts, end) - 1] if end < self._starts[-1] else ""
        if mark.strip(" \t>") and following[:1] in {" ", "\t"}:
            return place, end + len(following) - len(following.lstrip(" \t"))
        return start, end

    def places(self, content: str, first: int, last: int) -> list[int]:
        """The place of each character of what stands on lines `first` to before `last`; [] where unknown."""
        found: list[int] = []
        for number, words in enumerate(content.split("\n"), start=first):
            if number >= min(last, len(self._lines)):
                return []
            places = self._places_in(self._lines[number], words, self._read[number])
            if places is None:
                return []
            self._read[number] = places[-1] + 1 if places else self._read[number]
            found += (self._starts[number] + place for place in places)
            found.append(self._starts[number] + len(self._lines[number].rstrip("\r\n")))
        return found

    @staticmethod
    def _places_in(line: str, words: str, start: int) -> list[int] | None:
        place = line.find(words, start)
        if place >= 0:
            return list(range(place, place + len(words)))
        # A cell's own | has a backslash before it, which its content has not.
        place = line.find(words.replace("|", "\\|"), start)
        if place < 0:
            return None
        places = []
        for character in words:
            place += character == "|"
            places.append(place)
            place += 1
        return places
