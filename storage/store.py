"""The database as the loops use it: transactions in the right thread, run again where that is safe."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from typing import Any, Concatenate, ParamSpec, TypeVar

from commands.domain.people import Directory
from commands.errors import Conflict
from storage import directory
from storage.backend import BACKENDS
from storage.durable import Sync, WriteAheadLog, sync_file
from storage.engine import open_database
from storage.errors import Collision, CommitUnknown, DatabaseAway, StorageError, explain
from storage.link import Link
from storage.unit_of_work import UnitOfWork

P = ParamSpec("P")
T = TypeVar("T")
_Waiting = tuple[Callable[[], Any], Future[Any]]  # Any: what the work gives
POSTGRESQL_THREADS = 4
TRIES = 8


def _no_crash(name: str) -> None:
    """Nothing crashes at the named points; tests and the chaos run hand in something that does."""


def _back_off(attempt: int) -> None:
    """0.05 s, doubled each time: what a server needs to come back from a restart."""
    threading.Event().wait(min(0.05 * 2**attempt, 1.6))


class Store:
    """One database. Safe to use from any thread; on SQLite one transaction runs at a time."""

    def __init__(
        self,
        url: str,
        *,
        crash_point: Callable[[str], None] = _no_crash,
        back_off: Callable[[int], None] = _back_off,
        check: bool = True,
        busy_timeout_ms: int = 5000,
        sync_file: Sync = sync_file,
    ) -> None:
        self.url = url
        self.engine = open_database(url, check=check, busy_timeout_ms=busy_timeout_ms)
        self.backend = BACKENDS[self.engine.dialect.name]
        self._crash_point = crash_point
        self._back_off = back_off
        self._idle: list[Link] = []
        self._turn: Any = threading.Lock() if self.backend.name == "sqlite" else None
        self._holder: int | None = None
        self._directory: Directory | None = None
        threads = 1 if self.backend.name == "sqlite" else POSTGRESQL_THREADS
        self._log = self._write_ahead_log(sync_file) if self.backend.name == "sqlite" else None
        self._here = threading.local()  # `unsynced`, in a storage thread: something was committed since its work began
        self._first: deque[_Waiting] = deque()
        self._later: deque[_Waiting] = deque()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="storage")

    # --- transactions ---

    @contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        """One transaction: committed at the end of the block, rolled back by any exception.

        Raises `storage.errors`; a `CommitUnknown` says that it may be stored, an `Unsynced` that it may not last.
        """
        with self._my_turn(), self._connected(self.backend.begin) as link:
            uow = UnitOfWork(link, self._read_directory)
            yield uow
            self._crash_point("before_commit")
            self._commit(link, uow.flush)
            uow.committed()
            self._make_last()
            self._crash_point("after_commit")

    @contextmanager
    def read(self) -> Iterator[UnitOfWork]:
        """Questions only: nothing is locked, nothing may be written. Works on a full or locked database."""
        with self._my_turn(), self._connected(self.backend.begin_reading) as link:
            yield UnitOfWork(link, self._read_directory, reading=True)
            if self.backend.begin_reading:
                link.say("COMMIT")

    def transact(
        self,
        work: Callable[Concatenate[UnitOfWork, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Runs `work(uow, …)` in a transaction, and again from scratch when somebody was faster or the connection
        broke before the commit. Never after a commit that may have succeeded: see `transact_confirmed`."""
        return self.transact_confirmed(None, work, *args, **kwargs)

    def transact_confirmed(
        self,
        confirm: Callable[[UnitOfWork], bool] | None,
        work: Callable[Concatenate[UnitOfWork, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Like `transact`; after a broken commit `confirm` is asked, by business key, whether it is stored."""
        for attempt in range(TRIES):
            done = False
            try:
                with self.begin() as uow:
                    result = work(uow, *args, **kwargs)
                    done = True
                return result
            except (Conflict, Collision):
                if attempt == TRIES - 1:
                    raise
            except DatabaseAway:
                if attempt == TRIES - 1 or self.backend.name == "sqlite":
                    raise
                self._back_off(attempt)
            except CommitUnknown:
                if confirm is None or not done:
                    raise
                if self._is_stored(confirm):
                    return result
        raise AssertionError("unreachable")  # the last attempt returns or raises

    def _is_stored(self, confirm: Callable[[UnitOfWork], bool]) -> bool:
        for attempt in range(TRIES):
            try:
                with self.read() as uow:
                    return confirm(uow)
            except DatabaseAway as error:
                if attempt == TRIES - 1:
                    raise CommitUnknown(str(error)) from error
                self._back_off(attempt)
        raise AssertionError("unreachable")

    # --- from the event loop ---

    async def run(self, work: Callable[Concatenate[UnitOfWork, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`transact`, in a storage thread."""
        return await self.call(lambda: self.transact(work, *args, **kwargs))

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs any function that uses this store in a storage thread. Somebody waits for it: it goes before what
        stands in line with `call_later`."""
        return await self._in_line(self._first, lambda: function(*args, **kwargs))

    async def call_later(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """`call`, for what the loops do by themselves."""
        return await self._in_line(self._later, lambda: function(*args, **kwargs))

    async def _in_line(self, line: deque[_Waiting], work: Callable[[], T]) -> T:
        done: Future[T] = Future()
        line.append((work, done))
        self._threads.submit(self._next)
        return await asyncio.wrap_future(done)

    def _next(self) -> None:
        """Runs once for each that stands in line, so one is left; first those that somebody waits for."""
        try:
            work, done = self._first.popleft()
        except IndexError:
            work, done = self._later.popleft()
        if not done.set_running_or_notify_cancel():
            return
        self._here.unsynced = False
        try:
            result = work()
        except BaseException as error:
            done.set_exception(error)
        else:
            self._give(done, result)
        finally:
            del self._here.unsynced

    def _give(self, done: Future[T], result: T) -> None:
        """Whoever waits hears of a commit once it lasts; the next transaction is at work meanwhile."""
        if self._log is not None and self._here.unsynced:
            self._log.sync_later(lambda error: done.set_exception(error) if error else done.set_result(result))
        else:
            done.set_result(result)

    def _make_last(self) -> None:
        """A commit in a storage thread is synced before its result is given, any other one now."""
        if hasattr(self._here, "unsynced"):
            self._here.unsynced = True
        elif self._log is not None:
            self._log.sync()

    # --- connections ---

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        """SQLite has one writer: waiting in line here is fairer and faster than in its busy handler."""
        if self._turn is None:
            yield
            return
        me = threading.get_ident()
        if self._holder == me:
            raise RuntimeError("a transaction is open in this thread already")
        with self._turn:
            self._holder = me
            try:
                yield
            finally:
                self._holder = None

    @contextmanager
    def _connected(self, begin: str | None) -> Iterator[Link]:
        link = self._begun(begin)
        try:
            yield link
        except BaseException as error:
            self._give_up(link)
            known = None if isinstance(error, StorageError) else explain(error)
            if known is None:
                raise
            raise known from error
        else:
            self._idle.append(link)

    def _begun(self, begin: str | None) -> Link:
        """A connection with an open transaction. BEGIN is the ping: one that died in the pool is replaced."""
        while True:
            pooled = bool(self._idle)
            link = None
            try:
                link = self._idle.pop() if pooled else self._connect()
                if begin:
                    link.say(begin)
                return link
            except IndexError:
                continue  # another thread took the last one
            except Exception as error:
                if link is not None:
                    self._give_up(link)
                known = explain(error)
                if pooled and isinstance(known, DatabaseAway) and self.backend.name == "postgresql":
                    continue
                if known is None:
                    raise
                raise known from error

    def _connect(self) -> Link:
        link = Link(self.engine.raw_connection(), self.backend)
        if self._log is not None:
            link.say("PRAGMA synchronous = NORMAL")  # we sync ourselves
        return link

    def _write_ahead_log(self, sync_file: Sync) -> WriteAheadLog | None:
        """None for a database in memory."""
        with closing(self.engine.raw_connection()) as held:
            (_, _, file) = held.cursor().execute("PRAGMA database_list").fetchone()
        return WriteAheadLog(file, sync_file) if file else None

    def _give_up(self, link: Link) -> None:
        """Rolls back and keeps the connection, or drops it when it is broken."""
        try:
            if link.in_transaction:
                link.say("ROLLBACK")
        except Exception as error:
            if explain(error) is None:
                raise
            with suppress(Exception):  # it is broken: closing it may complain once more
                link.close()
            return
        if link.broken:
            with suppress(Exception):
                link.close()
        else:
            self._idle.append(link)

    def _commit(self, link: Link, flush: Callable[[], None]) -> None:
        """What was kept back and the COMMIT travel together. If one fails, the server skips what follows."""
        try:
            with link.in_one_go():
                flush()
                link.say("COMMIT")
        except Exception as error:
            known = explain(error, committing=True)
            if known is None:
                raise
            raise known from error

    def _read_directory(self, link: Link) -> Directory:
        """The shared value while its version is the database's, else a new one."""
        known = self._directory
        current = directory.version(link)
        if known is None or known.version != current:
            known = self._directory = directory.load(link, current)
        return known

    def close(self) -> None:
        """Waits for what runs; then every connection is closed."""
        self._threads.shutdown(wait=True)
        if self._log is not None:
            self._log.close()
        while self._idle:
            self._idle.pop().close()
        self.engine.dispose()
