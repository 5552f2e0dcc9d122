"""Logs: one shape, one line, bounded, and never a secret."""

from __future__ import annotations

import io
import json
import logging
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from bot import log
from bot.redact import Redactor
from bot.settings import Log

CANARY = 'ca"nary/3141 592653'


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What was logged, as JSON lines."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level, sys.excepthook, threading.excepthook)
    stream = io.StringIO()
    log.configure(Log(format="json", level="debug"), secrets=[CANARY], stream=stream)
    yield stream
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    sys.excepthook, threading.excepthook = before[2:]
    logging.captureWarnings(False)
    structlog.reset_defaults()


def records(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_our_logs_and_those_of_libraries_have_one_shape(written: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(event_id="ev-1"):
        log.get("bot.deliver").info("sent", platform="slack", seconds=0.2)
        logging.getLogger("slack_sdk").warning("retry in %s s", 3)
    ours, theirs = records(written)
    assert {k: ours[k] for k in ("event", "level", "logger", "platform", "seconds", "event_id")} == {
        "event": "sent",
        "level": "info",
        "logger": "bot.deliver",
        "platform": "slack",
        "seconds": 0.2,
        "event_id": "ev-1",
    }
    assert (theirs["event"], theirs["level"], theirs["event_id"]) == ("retry in 3 s", "warning", "ev-1")
    assert ours["timestamp"].endswith("Z")


def test_a_tick_that_is_left_out_is_no_news_but_one_that_fails_is(written: io.StringIO) -> None:
    logging.getLogger("apscheduler.scheduler").warning("skipped: maximum number of running instances reached")
    logging.getLogger("apscheduler.executors.default").error("raised an exception")
    assert [record["event"] for record in records(written)] == ["raised an exception"]


def test_secrets_are_left_out_wherever_they_stand(written: io.StringIO) -> None:
    logger = log.get("bot")
    logger.info(
        f"says {CANARY}", detail={"deep": [CANARY]}, app_token="short-one", headers={"Authorization": "Basic abc"}
    )
    logging.getLogger("sdk").debug("body: %s", {"app_secret": "not-registered", "x": CANARY})
    logging.getLogger("sdk").debug("POST /cgi?access_token=abcdef123456&x=1 xoxb-1234567890-abc")
    try:
        raise RuntimeError(f"connect wss://x.example/link?ticket={CANARY} failed")
    except RuntimeError:
        logger.exception("broken", url="postgresql://bot:hunter22@db/x")
    text = written.getvalue()
    for secret in ("nary", "short-one", "Basic abc", "not-registered", "abcdef123456", "xoxb", "hunter22"):
        assert secret not in text
    assert records(written)[-1]["exception"].startswith("Traceback")
    assert "&x=1" in text


def test_what_ends_a_thread_or_the_process_is_logged_without_secrets(written: io.StringIO) -> None:
    def dies() -> None:
        raise ValueError(CANARY)

    thread = threading.Thread(target=dies)
    thread.start()
    thread.join()
    error = ValueError(CANARY)
    sys.excepthook(ValueError, error, error.__traceback__)
    assert [record["level"] for record in records(written)] == ["critical", "critical"]
    assert "nary" not in written.getvalue()


def test_a_record_is_one_bounded_line_that_cannot_move_the_cursor(written: io.StringIO) -> None:
    logger = log.get("bot")
    logger.info("a\r\nINFO fake\x1b[2J\u202e\u2028", text="字" * 100_000)
    logger.info("many", **{f"key{n}": "x" * 3_000 for n in range(20)})
    first, second = records(written)
    assert len(written.getvalue().splitlines()) == 2
    assert "\x1b" not in written.getvalue() and "\u202e" not in written.getvalue()
    assert len(first["text"]) < 4_100 and "left out" in first["text"]
    assert second["cut"] > 50_000 and second["event"] == "many"


def test_for_people_a_record_is_one_line_too() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(log._formatter(Redactor([CANARY]), as_json=False))
    record = logging.LogRecord("bot", logging.INFO, "", 0, "你好\n%s", (CANARY,), None)
    handler.emit(record)
    assert stream.getvalue().endswith("info    bot: 你好\\u000a***\n")


@pytest.mark.parametrize(
    "text, left",
    [
        ("Authorization: Bearer abc.def-123456", "Authorization: Bearer ***"),
        ('{"app_secret": "s3", "name": "x"}', '{"app_secret": "***", "name": "x"}'),
        ("{'verification_token': 'v', 'n': 1}", "{'verification_token': '***', 'n': 1}"),
        ("https://hooks.slack.com/services/T0/B0/xyz", "https://hooks.slack.com/***"),
        ("https://open.feishu.cn/open-apis/bot/v2/hook/1-2-3", "https://open.feishu.cn/open-apis/bot/v2/hook/***"),
        ("wss://wss-primary.slack.com/link/?ticket=1&app_id=2", "wss://wss-primary.slack.com/link/?***"),
        ("a token of thanks, and no secret at all", "a token of thanks, and no secret at all"),
    ],
)
def test_what_looks_like_a_secret_is_left_out_even_if_nobody_registered_it(text: str, left: str) -> None:
    assert Redactor().text(text) == left


def test_a_very_short_secret_does_not_blank_the_log() -> None:
    assert Redactor(["a", ""]).text("a cat") == "a cat"


@pytest.mark.parametrize("text", ["x" * 50_000, "a.b-" * 10_000, "token" * 10_000, "wss://" * 8_000, "token=" * 8_000])
def test_text_that_makes_a_careless_pattern_search_for_ever_comes_back(text: str) -> None:
    assert CANARY not in Redactor([CANARY]).text(text + CANARY)
