"""Slack: Socket Mode or signed HTTP in, Block Kit out. The SDK is imported with this package, and only then."""

from adapters.slack.adapter import SlackAdapter
from adapters.slack.config import SlackConfig, Surroundings

__all__ = ["SlackAdapter", "SlackConfig", "Surroundings"]
