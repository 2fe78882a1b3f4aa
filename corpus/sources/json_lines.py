import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path

from corpus.errors import MalformedDocument, SourceNotFound
from corpus.sources.fields import Fields

SUFFIXES = (".jsonl", ".jsonl.gz")


def is_json_lines(path: Path) -> bool:
    """True for a path that is a file of JSON Lines, packed or not, by its name."""
    return path.name.lower().endswith(SUFFIXES) and path.is_file()


def records(path: Path) -> Iterator[Fields]:
    """The objects of a JSON Lines file, one a line, blank lines skipped.

    Raises MalformedDocument with file and line for a line that is not an object, and SourceNotFound for a file that
    cannot be opened.
    """
    for number, line in enumerate(_lines(path), start=1):
        place = f"{path}:{number}"
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip()
            if not text:
                continue
            fields = json.loads(text)
        except UnicodeDecodeError:
            raise MalformedDocument(f"{place}: not UTF-8; save the file as UTF-8") from None
        except json.JSONDecodeError as error:
            raise MalformedDocument(
                f"{place}: not JSON ({error.msg} at column {error.colno}); write one object a line"
            ) from None
        except RecursionError:
            raise MalformedDocument(f"{place}: nested too deep; write one flat object a line") from None
        if not isinstance(fields, dict):
            raise MalformedDocument(f"{place}: not an object; write one object a line, such as {{...}}")
        yield Fields(place=place, fields=fields)


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with gzip.open(path) if path.name.lower().endswith(".gz") else path.open("rb") as file:
            yield from file
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise MalformedDocument(f"{path}: not a whole gzip file ({error}); pack it again") from error
    except OSError as error:
        raise SourceNotFound(
            f"{path}: cannot be read ({error.strerror}); check the path and its permissions"
        ) from error
