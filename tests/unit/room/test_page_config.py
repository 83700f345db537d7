"""No page of a room shows a token."""

from __future__ import annotations

from typing import Any

from rounds.room.extension import keep_tokens_out


def test_what_others_write_into_a_page_stays_and_the_token_does_not() -> None:
    settings: dict[str, Any] = {"page_config_hook": lambda _handler, config: {**config, "token": "t", "hubUser": "noa"}}
    keep_tokens_out(settings)
    assert settings["page_config_hook"](None, {"a": 1}) == {"a": 1, "hubUser": "noa", "token": ""}
    bare: dict[str, Any] = {}
    keep_tokens_out(bare)
    assert bare["page_config_hook"](None, {}) == {"token": ""}
