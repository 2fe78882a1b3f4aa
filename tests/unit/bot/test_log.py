import logging
import sys

from bot.log import LibraryFormatter

SECRET = "my card is 4111"


def logged(message: str, *values: object, error: Exception | None = None) -> str:
    """What is written of a library's record."""
    trouble = None
    if error is not None:
        try:
            raise error
        except type(error):
            trouble = sys.exc_info()
    record = logging.LogRecord("telegram.request", logging.ERROR, "request.py", 7, message, values, trouble)
    return LibraryFormatter().format(record)


def test_a_librarys_error_is_told_without_what_a_customer_wrote() -> None:
    assert logged("Can not load invalid JSON data: %r", SECRET) == (
        "ERROR telegram.request: Can not load invalid JSON data: %r (request.py:7)"
    )
    assert logged(f"Can not load {SECRET}") == "ERROR telegram.request: (request.py:7)"
    shown = logged("It failed for %s", SECRET, error=ValueError(SECRET))
    assert SECRET not in shown
    assert shown.endswith("ValueError")
    assert "test_log.py" in shown, "where it was raised"
