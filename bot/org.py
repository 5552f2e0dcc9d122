"""Brings an organisation from a file into the directory of the database."""

from __future__ import annotations

from contextlib import closing

from bot.orgfile import Org, directory
from bot.settings import Settings
from storage.migrate import upgrade
from storage.seed import seed
from storage.store import Store
from storage.unit_of_work import UnitOfWork


class _OnlyLooking(Exception):
    """Ends a dry run: the transaction is undone."""

    def __init__(self, changed: list[str]) -> None:
        super().__init__()
        self.changed = changed


def import_org(settings: Settings, org: Org, *, dry_run: bool = False) -> list[str]:
    """Makes the directory what the file says, over what was changed in chat, and returns what changed."""
    wanted = directory(org, settings.admins)

    def work(uow: UnitOfWork) -> list[str]:
        changed = seed(uow, wanted, overwrite=True)
        if dry_run:
            raise _OnlyLooking(changed)
        return changed

    upgrade(settings.database_url)
    with closing(Store(settings.database_url)) as store:
        try:
            return store.transact(work)
        except _OnlyLooking as looked:
            return looked.changed
