"""The composition root: the only file that knows all folders."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, suppress
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from aiohttp.web import AbstractRouteDef
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from adapters.base import Adapter
from bot import http, orgfile
from bot.bot import Bot
from bot.calendarsource import calendar_builder, within_work
from bot.clock import Clock, Ids, ManualClock, RandomIds, SystemClock
from bot.commandnames import commands_by_name, names_by_platform
from bot.core import Core
from bot.crash import crash_point
from bot.finding import Finding, red
from bot.language import catalogues
from bot.metrics import Metrics
from bot.render import Renderer
from bot.settings import Settings
from commands import catalogue
from commands.codes import typed_twin
from commands.dispatch import Dispatcher
from commands.lexicon import Lexicon
from commands.registry import Verb
from storage import migrate
from storage.seed import seed
from storage.store import Store

log = structlog.get_logger("bot")

TICK = 1.0  # seconds between looks at what is due
REST_WITHIN = 2.0  # at a stop, for what is in hand; then it is cut off
STOP_WITHIN = 3.0  # for connections to be closed in good order
BUSY_TIMEOUT_MS = 2_000  # SQLite held by another process: people hear within three seconds that nothing was done
VERBS: Mapping[str, Verb] = {verb.id: verb for verb in catalogue.VERBS}


def run(settings: Settings) -> None:
    """Runs the bot until SIGTERM or Ctrl-C; then stops cleanly, with nothing half done."""
    asyncio.run(_run(settings))


def build(settings: Settings, *, clock: Clock, ids: Ids) -> Bot:
    """The bot on its database, which is brought up to date first. Raises `StorageError` if that cannot be."""
    migrate.upgrade(settings.database_url)
    store = Store(settings.database_url, crash_point=crash_point, busy_timeout_ms=BUSY_TIMEOUT_MS)
    wanted = orgfile.directory(settings.org, settings.admins)
    store.transact(lambda uow: seed(uow, wanted))
    lexicon = Lexicon.build(catalogues(), VERBS.values(), called=commands_by_name(settings))
    core = Core(
        store=store,
        clock=clock,
        ids=ids,
        policy=settings.policy(),
        dispatcher=Dispatcher(VERBS, lexicon),
        renderer=Renderer(
            verbs=VERBS,
            twin=lambda action, language: typed_twin(action, lexicon, language),
            fresh_id=ids.fresh,
            overrides=settings.templates.folder,
        ),
        cards={card.name: card for card in catalogue.CARDS},
        jobs={job.name: job for job in catalogue.JOBS},
        build_calendars=calendar_builder(settings),
        language=settings.language,
        zone=settings.timezone.key,
        commands=names_by_platform(settings),
    )
    return Bot(core, Metrics(clock), owner=ids.fresh()[:12])


async def _run(settings: Settings) -> None:
    clock = make_clock(settings)
    bot = build(settings, clock=clock, ids=RandomIds())
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopped.set)
    async with AsyncExitStack() as stack:
        stack.callback(bot.core.store.close)
        bot.adapters.update(make_adapters(settings, bot))
        await bot.start()
        app = http.build_app(bot.metrics, checks=(lambda: ready(bot),), routes=_routes(bot.adapters.values()))
        address = await stack.enter_async_context(http.serve(app, settings))
        loops = [asyncio.create_task(adapter.run(bot.receive), name=name) for name, adapter in bot.adapters.items()]
        loops.append(asyncio.create_task(bot.keep_delivering(), name="deliver"))
        stack.push_async_callback(_end, loops)
        scheduler = make_scheduler(bot)
        scheduler.start()
        stack.callback(scheduler.shutdown, wait=False)
        stack.push_async_callback(bot.rest, REST_WITHIN)
        log.info("ready", address=address, platforms=sorted(bot.adapters))
        print(f"Liaison is ready: {_first_look(settings, address)}", flush=True)
        await _until_stopped(stopped, loops)
        log.info("stopping")


def _first_look(settings: Settings, address: str) -> str:
    """What to open: the page of the sandbox, else where one sees whether the platforms are connected."""
    return address if "sandbox" in settings.platforms.enabled else f"{address}/readyz"


def make_clock(settings: Settings) -> Clock:
    sandbox = settings.platforms.sandbox
    if sandbox and sandbox.enabled and sandbox.clock == "manual":
        return ManualClock(sandbox.start or _time_to_try(settings, SystemClock().now()))
    return SystemClock()


def _time_to_try(settings: Settings, now: datetime) -> datetime:
    return within_work(calendar_builder(settings)((), now.date())["default"], now)


def make_scheduler(bot: Bot) -> AsyncIOScheduler:
    """Ticks only: everything that is due is in the database, so a missed tick loses nothing."""
    scheduler = AsyncIOScheduler(
        timezone=ZoneInfo("UTC"),
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    scheduler.add_job(_cut_off_quietly, "interval", args=[bot.tick], seconds=TICK, id="tick")
    scheduler.add_job(_cut_off_quietly, "interval", args=[bot.housekeeper.look], seconds=60, id="look")
    scheduler.add_job(_cut_off_quietly, "interval", args=[bot.housekeeper.tidy], hours=1, id="tidy")
    return scheduler


async def _cut_off_quietly(job: Callable[[], Awaitable[object]]) -> None:
    """Being cut off by the stop is no failure of a job: what it did not do is still in the database."""
    with suppress(asyncio.CancelledError):
        await job()


def make_adapters(settings: Settings, bot: Bot) -> dict[str, Adapter]:
    """The adapters of the platforms that are switched on; only their SDKs are imported."""
    return {name: BUILDERS[name](settings, bot) for name in settings.platforms.enabled}


def _sandbox(settings: Settings, bot: Bot) -> Adapter:
    from bot import sandbox

    return sandbox.build(settings, bot)


def _slack(settings: Settings, bot: Bot) -> Adapter:
    from bot import slack

    return slack.build(settings, bot)


def _feishu(settings: Settings, bot: Bot) -> Adapter:
    from bot import feishu

    return feishu.build(settings, bot)


BUILDERS: Mapping[str, Callable[[Settings, Bot], Adapter]] = {
    "sandbox": _sandbox,
    "slack": _slack,
    "feishu": _feishu,
}


def ready(bot: Bot) -> list[Finding]:
    """The database answers, and every platform is connected."""
    found = [
        red(f"platform.{name}", health.detail or "not connected", "see the log")
        for name, adapter in bot.adapters.items()
        if not (health := adapter.health()).ok
    ]
    try:
        with bot.core.store.read() as uow:
            if not uow.schema_is_ours():
                found.append(red("database.schema", "a newer version changed the tables", "start the newer version"))
    except Exception as error:
        found.append(red("database", str(error), "look at the database"))
    return found


def _routes(adapters: Iterable[Adapter]) -> list[AbstractRouteDef]:
    return [route for adapter in adapters for route in adapter.routes()]


async def _until_stopped(stopped: asyncio.Event, loops: list[asyncio.Task[None]]) -> None:
    """Until a signal comes, or one of the loops dies, which must never go unnoticed."""
    waiting = asyncio.create_task(stopped.wait())
    done, _ = await asyncio.wait([waiting, *loops], return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    for task in done - {waiting}:
        task.result()


async def _end(loops: list[asyncio.Task[None]]) -> None:
    for task in loops:
        task.cancel()
    await asyncio.wait(loops, timeout=STOP_WITHIN)
