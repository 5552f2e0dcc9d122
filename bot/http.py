"""The bot's HTTP server: alive, ready, figures, and whatever routes the platforms bring."""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.crosschecks import is_loopback
from bot.finding import Finding, is_fine, red
from bot.metrics import CONTENT_TYPE, Metrics
from bot.settings import Settings

Check = Callable[[], Iterable[Finding]]
PATIENCE = 2.0
"""Seconds that all checks together may take: whoever asks whether we are ready does not wait for long."""
LARGEST_BODY = 1_000_000
LEAVE_WITHIN = 1.0
"""Seconds for calls that are still under way when the bot stops; half a call that never ends holds up no restart."""


def build_app(
    metrics: Metrics,
    *,
    checks: Sequence[Check] = (),
    routes: Iterable[web.AbstractRouteDef] = (),
    patience: float = PATIENCE,
) -> web.Application:
    """An application with /healthz, /readyz and /metrics. Checks run in a thread, as they may touch a database."""

    async def alive(request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def ready(request: web.Request) -> web.Response:
        findings = await _findings(checks, patience)
        fine = is_fine(findings)
        body = {"status": "ready" if fine else "not ready", "findings": [finding.as_dict() for finding in findings]}
        return web.json_response(body, status=200 if fine else 503)

    async def figures(request: web.Request) -> web.Response:
        return web.Response(body=metrics.text(), headers={"Content-Type": CONTENT_TYPE})

    app = web.Application(client_max_size=LARGEST_BODY)
    app.add_routes([web.get("/healthz", alive), web.get("/readyz", ready), web.get("/metrics", figures), *routes])
    return app


@asynccontextmanager
async def serve(app: web.Application, settings: Settings) -> AsyncIterator[str]:
    """Listens while the block runs, and gives the address. Raises `OSError` with words for the operator."""
    refuse_strangers(settings)
    host, port = settings.http.host, settings.http.port
    runner = web.AppRunner(
        app, access_log=None, handle_signals=False, shutdown_timeout=LEAVE_WITHIN, logger=_server_log()
    )
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise OSError(error.errno, _cannot_listen(host, port, error)) from error
        yield _address(runner)
    finally:
        await runner.cleanup()


def _cannot_listen(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"cannot listen on {host}:{port}: the port is taken; choose another with http.port or LIAISON_HTTP__PORT"
    return f"cannot listen on {host}:{port} (http.host, http.port): {error.strerror}"


def refuse_strangers(settings: Settings) -> None:
    """The sandbox page lets everybody act as anybody, so only this machine may reach it unless that is meant."""
    strangers = not is_loopback(settings.http.host) and not settings.http.allow_remote
    if strangers and "sandbox" in settings.platforms.enabled:
        raise ValueError(f"the sandbox page must not listen on {settings.http.host} without http.allow_remote")


async def _findings(checks: Sequence[Check], patience: float) -> list[Finding]:
    try:
        async with asyncio.timeout(patience):
            return await asyncio.to_thread(lambda: [finding for check in checks for finding in check()])
    except TimeoutError:
        return [
            red("ready.slow", f"the checks took longer than {patience:g} s", "look at the database and the network")
        ]


_CALLERS = (HttpProcessingError, web.RequestPayloadError, ConnectionError)


class _CallersFault(logging.Filter):
    """Who sends what is no HTTP, or hangs up, is no error of ours: one line, without a stack trace."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, _CALLERS):
            reason = " ".join(str(error).split())[:200]
            record.levelno, record.levelname = logging.INFO, "INFO"
            record.msg, record.args, record.exc_info = "a call cannot be read: %s", (reason,), None
        return True


_CALLERS_FAULT = _CallersFault()


def _server_log() -> logging.Logger:
    logger = logging.getLogger("aiohttp.server")
    logger.addFilter(_CALLERS_FAULT)  # adding it twice is adding it once
    return logger


def _address(runner: web.AppRunner) -> str:
    host, port, *_ = runner.addresses[0]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
