"""Logs: one line for each record, ours and the libraries' in one shape, bounded, and without secrets."""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Iterable
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.redact import Redactor
from bot.settings import Log

LONGEST_VALUE = 4_000
LONGEST_LINE = 16_000
_HEAD = ("timestamp", "level", "logger", "event")


QUIETER = {"apscheduler": logging.ERROR, "asyncio": logging.WARNING, "aiohttp.access": logging.WARNING}
"""Libraries that say every second that nothing happened, and from where on they are listened to. APScheduler also warns
of each tick that is left out because the one before it still sends; that loses nothing."""


def configure(settings: Log, *, secrets: Iterable[str] = (), stream: TextIO | None = None) -> None:
    """Sends every log of this process to one place, standard error unless told otherwise.

    Call it before anything logs; calling it again replaces what was set up. Whatever ends the process or a thread
    unforeseen is logged too, instead of being printed with its secrets.
    """
    stream = stream or sys.stderr
    as_json = settings.format == "json" or (settings.format == "auto" and not stream.isatty())
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter(Redactor(secrets), as_json=as_json))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.level.upper())
    for chatty, level in QUIETER.items():
        logging.getLogger(chatty).setLevel(level)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    logging.captureWarnings(True)
    sys.excepthook = _log_the_end
    threading.excepthook = _log_the_end_of_a_thread


def get(name: str) -> structlog.stdlib.BoundLogger:
    """A logger that takes facts by name: `log.info("sent", platform="slack", seconds=0.2)`."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def _formatter(redactor: Redactor, *, as_json: bool) -> logging.Formatter:
    common: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.ExtraAdder()],
        processors=[
            *common,
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _Line(redactor, as_json=as_json),
        ],
    )


class _Line:
    """The last step: what is about to be written becomes one clean line."""

    def __init__(self, redactor: Redactor, *, as_json: bool) -> None:
        self._redactor = redactor
        self._as_json = as_json

    def __call__(self, logger: WrappedLogger, method: str, event: EventDict) -> str:
        facts = {key: _bounded(value) for key, value in self._redactor.mapping(event).items()}
        line = _json(facts) if self._as_json else _for_people(facts)
        line = _on_one_line(self._redactor.text(line))
        if len(line) <= LONGEST_LINE:
            return line
        # Cut JSON is no JSON: what cannot be shown whole is shown by its first facts.
        kept: dict[str, Any] = {key: facts[key] for key in _HEAD if key in facts} | {"cut": len(line)}
        return _on_one_line(self._redactor.text(_json(kept) if self._as_json else _for_people(kept)))


def _bounded(value: Any) -> Any:  # Any: whatever somebody logs
    if isinstance(value, bool | int | float | None):
        return value
    text = value if isinstance(value, str) else _json(value)
    if len(text) <= LONGEST_VALUE:
        return value
    # A traceback says the most at its end, a text at its beginning: both are kept.
    half = LONGEST_VALUE // 2
    return f"{text[:half]} …{len(text) - 2 * half} left out… {text[-half:]}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=repr)


def _for_people(facts: dict[str, Any]) -> str:
    head = [str(facts.pop("timestamp", "")), f"{facts.pop('level', ''):<7}", f"{facts.pop('logger', '')}:"]
    head.append(str(facts.pop("event", "")))
    return " ".join(
        head + [f"{key}={value if isinstance(value, str) else _json(value)}" for key, value in facts.items()]
    )


def _on_one_line(text: str) -> str:
    """Control and direction characters as \\u escapes: a log line cannot move the cursor or fake another line."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def _log_the_end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        logging.getLogger("bot").critical("the process ends unforeseen", exc_info=(kind, error, trace))


def _log_the_end_of_a_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and not issubclass(args.exc_type, SystemExit):
        facts = (args.exc_type, args.exc_value, args.exc_traceback)
        logging.getLogger("bot").critical("a thread ends unforeseen", exc_info=facts)
