"""The small town behind a real HTTP server on a free port of this machine."""

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from aiohttp import ClientSession, web

from tests.adapters.sandbox import town


@dataclass
class Served:
    url: str
    http: ClientSession
    core: town.Core
    world: object
    adapter: object
    clock: town.Clock

    async def get(self, path, **query):
        async with self.http.get(self.url + path, params=query) as response:
            return response.status, await response.json()

    async def post(self, path, **body):
        async with self.http.post(self.url + path, json=body) as response:
            return response.status, await response.json()

    async def says(self, person, text, chat="newx", **extra):
        status, answer = await self.post("/api/say", chat=chat, person=person, text=text, **extra)
        assert status == 200, answer
        return answer

    async def reads(self, person, chat):
        status, answer = await self.get("/api/messages", chat=chat, person=person)
        assert status == 200, answer
        return answer["messages"]


async def pictures(name):
    known = {"dot": b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>"}
    return known.get(name)


@asynccontextmanager
async def serve():
    adapter, core, world = town.build(pictures=pictures)
    running = asyncio.create_task(adapter.run(core.receive))
    app = web.Application()
    app.router.add_routes(adapter.routes())
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    async with ClientSession() as http:
        yield Served(f"http://127.0.0.1:{port}", http, core, world, adapter, core.clock)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    await runner.cleanup()
    world.close()
