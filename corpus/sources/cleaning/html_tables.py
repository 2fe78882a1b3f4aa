"""The rows of an HTML table, read so that no cell spans others; and tables that only lay a page out."""

from collections.abc import Iterator

from bs4 import Tag

_CELLS = ("td", "th")
#: How many rows or columns a cell may span, and how long words may be that are said again in each of the rows.
_MAX_SPAN = 40
_MAX_REPEATED = 80
_MAX_COLUMNS = 60


def rows(table: Tag) -> Iterator[list[Tag | None]]:
    """The cells of each row that has any; None where another cell spans.

    A cell that spans rows comes again in each of them if its words are few.
    """
    # By column: in how many more rows a cell spans it, and what stands there.
    spanned: dict[int, tuple[int, Tag | None]] = {}
    for row in _rows(table):
        cells: list[Tag | None] = []
        given = iter(row.find_all(_CELLS, recursive=False))
        while True:
            left, above = spanned.pop(len(cells), (0, None))
            if left:
                spanned[len(cells)] = (left - 1, above)
                cells.append(above)
                continue
            cell = next(given, None)
            if cell is None:
                break
            again = cell if len(cell.get_text(strip=True)) <= _MAX_REPEATED else None
            # Beyond so many columns nobody reads a table, and spans would only make it larger.
            spans = len(cells) < _MAX_COLUMNS
            height = _span(cell, "rowspan") if spans else 1
            for column in range(_span(cell, "colspan") if spans else 1):
                spanned[len(cells)] = (height - 1, None if column else again)
                cells.append(None if column else cell)
        if any(cells):
            yield cells


def caption(table: Tag) -> str:
    """The caption of a table; empty without one."""
    said = table.find("caption", recursive=False)
    return said.get_text(" ", strip=True) if said else ""


def is_layout(table: Tag) -> bool:
    """True for a table that lays out parts of a page: it holds another table or code, or its rows are of one cell."""
    if table.get("role") in {"presentation", "none"} or table.find(["table", "pre"]):
        return True
    return all(len(cells) < 2 for cells in rows(table))


def _rows(table: Tag) -> Iterator[Tag]:
    for part in table.find_all(["thead", "tbody", "tfoot", "tr"], recursive=False):
        if part.name == "tr":
            yield part
        else:
            yield from part.find_all("tr", recursive=False)


def _span(cell: Tag, attribute: str) -> int:
    said = str(cell.get(attribute) or "")
    return max(1, min(int(said), _MAX_SPAN)) if said.isascii() and said.isdigit() and len(said) < 9 else 1
