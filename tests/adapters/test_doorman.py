"""Who acts is introduced once, whatever the platform."""

import asyncio

import pytest

from adapters.base import Profile
from adapters.doorman import Doorman


class People:
    """Answers when it is let."""

    def __init__(self):
        self.asked = []
        self.may = asyncio.Event()

    async def look(self, user):
        self.asked.append(user)
        await self.may.wait()
        return Profile(user, f"{user}@example.com")

    async def find(self, emails):
        for email in emails:
            yield Profile(email, email)


class Core:
    def __init__(self):
        self.met = []

    def wants_profile(self, user):
        return user != "known"

    async def introduce(self, profile):
        self.met.append(profile.user)

    def missing(self):
        return ["a@example.com"]


@pytest.fixture
def people():
    return People()


@pytest.fixture
def core():
    return Core()


async def test_however_much_somebody_does_at_once_they_are_asked_about_once(people, core):
    doorman = Doorman(people, core)
    acts = [asyncio.create_task(doorman.meet(user)) for user in ("ann", "ann", "bob", "ann")]
    await asyncio.wait(acts, timeout=0)
    people.may.set()
    await asyncio.gather(*acts)
    assert people.asked == core.met == ["ann", "bob"]
    await doorman.meet("ann")
    assert people.asked == ["ann", "bob", "ann"]


async def test_who_is_known_is_not_asked_about(people, core):
    await Doorman(people, core).meet("known")
    assert people.asked == []


async def test_one_who_gives_up_waiting_does_not_end_the_question(people, core):
    doorman = Doorman(people, core)
    first, second = (asyncio.create_task(doorman.meet("ann")) for _ in range(2))
    await asyncio.wait([first, second], timeout=0)
    first.cancel()
    people.may.set()
    await second
    assert core.met == ["ann"]


async def test_the_missing_are_looked_for(people, core):
    await Doorman(people, core).look_for_missing()
    assert core.met == ["a@example.com"]
