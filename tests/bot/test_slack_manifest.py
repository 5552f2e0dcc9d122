"""`liaison manifest slack`: works before there is any token, and refuses an address that Slack cannot use."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import main


@pytest.fixture
def say(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    def say(section: str, *arguments: str) -> tuple[int, str, str]:
        file = tmp_path / "config.yaml"
        file.write_text(f"platforms: {{{section}}}\n", encoding="utf-8")
        code = main(["manifest", "slack", "--config", str(file), *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return say


@pytest.mark.parametrize(
    "section", ["sandbox: {}", "slack: {commands: {status: /wip}}", "sandbox: {}, slack: {enabled: false}"]
)
def test_it_needs_no_token(say, section):
    code, printed, said = say(section)
    assert (code, said) == (0, "")
    assert "socket_mode_enabled: true" in printed
    assert ("command: /wip" in printed) == ("/wip" in section)


def test_over_http_it_needs_the_address_of_the_bot(say):
    code, printed, said = say("slack: {mode: http}")
    assert (code, printed) == (2, "")
    assert "--url https://" in said
    code, printed, said = say("slack: {mode: http}", "--url", "https://bot.example.com")
    assert (code, said) == (0, "")
    assert 'request_url: "https://bot.example.com/slack/events"' in printed


def test_an_address_beside_mode_socket_is_worth_a_word(say):
    code, _, said = say("sandbox: {}", "--url", "https://bot.example.com")
    assert code == 0
    assert "mode: http" in said


@pytest.mark.parametrize("url", ["http://bot.example.com", "bot.example.com", "https://", "https://x/?a=1", ""])
def test_an_address_that_slack_does_not_send_to_is_refused(say, url):
    code, printed, said = say("slack: {mode: http}", "--url", url)
    assert (code, printed) == (2, "")
    assert "https://bot.example.com" in said


def test_a_mistake_in_the_config_is_told(say):
    code, printed, said = say("slack: {commands: {status: /status}}")
    assert (code, printed) == (2, "")
    assert "Slack's own" in said
