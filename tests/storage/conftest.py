"""Every storage test runs on both databases, and may open as many stores on its database as it likes."""

from __future__ import annotations

import threading

import pytest

from storage.store import Store
from support.databases import database

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=BOTH)
def kind(request):
    return request.param


@pytest.fixture
def url(kind, tmp_path):
    with database(kind, tmp_path) as url:
        yield url


@pytest.fixture
def empty_url(kind, tmp_path):
    with database(kind, tmp_path, empty=True) as url:
        yield url


@pytest.fixture
def open_store(url):
    stores = []

    def open(**options):
        stores.append(Store(url, back_off=lambda attempt: None, **options))
        return stores[-1]

    yield open
    for store in stores:
        store.close()


@pytest.fixture
def store(open_store):
    return open_store()


@pytest.fixture
def other(open_store):
    """A second process's view of the same database."""
    return open_store()


@pytest.fixture
def together():
    """Runs all at once in threads; what fails in one fails the test."""

    def together(*works):
        failures = []

        def run(work):
            try:
                work()
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=run, args=(work,)) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []

    return together
