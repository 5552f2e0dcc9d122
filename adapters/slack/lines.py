"""The lines to Slack: one HTTP session, the Web API on it, and what posts and uploads by it."""

from __future__ import annotations

from dataclasses import dataclass

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.pictures import Pictures, Uploads
from adapters.proxy import proxy_of_environment
from adapters.slack.config import SlackConfig
from adapters.slack.inbound import PLATFORM
from adapters.slack.pictures import Files
from adapters.slack.posting import Posting
from adapters.slack.web import PATIENCE, Web
from adapters.slack.whisper import Whisper


@dataclass(frozen=True, slots=True)
class Lines:
    """Open until `close`. `bare` is a client without a token: Bolt puts its own on each call. `connecting` has the
    app-level token, which opens connections."""

    session: aiohttp.ClientSession
    proxy: str | None
    bare: AsyncWebClient
    web: Web
    connecting: Web
    posting: Posting
    whisper: Whisper
    uploads: Uploads

    @property
    def refused_because(self) -> str:
        """Why Slack refuses the app itself; "" while it does not."""
        return self.web.refused_because or self.connecting.refused_because

    async def close(self) -> None:
        await self.session.close()


def open_lines(config: SlackConfig, pictures: Pictures) -> Lines:
    """Needs a running event loop."""
    proxy = config.proxy or proxy_of_environment(config.base_url)
    session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE, sock_connect=PATIENCE / 2))
    web = Web(_client(config, session, proxy, config.bot_token))
    posting = Posting(web)
    return Lines(
        session=session,
        proxy=proxy,
        bare=_client(config, session, proxy, None),
        web=web,
        connecting=Web(_client(config, session, proxy, config.app_token)),
        posting=posting,
        whisper=Whisper(web, posting, session, proxy=proxy),
        uploads=Uploads(PLATFORM, Files(web, session, proxy=proxy).upload, pictures),
    )


def _client(
    config: SlackConfig, session: aiohttp.ClientSession, proxy: str | None, token: str | None
) -> AsyncWebClient:
    client = AsyncWebClient(token=token, base_url=config.base_url, session=session, retry_handlers=[])
    client.proxy = proxy  # not in the call: there the SDK reads HTTPS_PROXY, and knows no NO_PROXY
    return client
