import logging
import sys
import traceback

import structlog


def configure_logs(*, json: bool, level: int = logging.INFO) -> None:
    """Events with fields on stderr: lines for people on a terminal, JSON for programs. Never a customer's text."""
    # Without local variables, which hold what customers wrote.
    tracebacks = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[structlog.typing.Processor] = (
        [structlog.processors.ExceptionRenderer(tracebacks), structlog.processors.JSONRenderer(ensure_ascii=False)]
        if json
        else [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    )
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LibraryFormatter())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


class LibraryFormatter(logging.Formatter):
    """A library's record without what it may hold of a customer: where it was logged, and its fixed words alone.

    A message is fixed where its values stand apart from it; of an exception the kind is told and where it was raised,
    since an SDK puts the answer that it could not read into its text.
    """

    def format(self, record: logging.LogRecord) -> str:
        """One line, and the frames of an exception under it."""
        words = f" {record.msg}" if record.args and isinstance(record.msg, str) else ""
        line = f"{record.levelname} {record.name}:{words} ({record.filename}:{record.lineno})"
        if not record.exc_info or record.exc_info[1] is None:
            return line
        error = record.exc_info[1]
        return f"{line}\n{''.join(traceback.format_tb(error.__traceback__))}{type(error).__qualname__}"
