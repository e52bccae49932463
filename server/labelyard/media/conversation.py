"""Conversations: messages with ids, contents and who said them (datarow.md 2)."""

from typing import Any

from labelyard.media.refusals import MediaRefused

CONVERSATION = "application/vnd.labelbox.conversational"
MAX_MESSAGES = 250
MAX_MESSAGE = 10_000


def check_conversation(value: dict[str, Any]) -> None:
    """Check a conversation; a model chat (version 2) has a form of its own. Raises `MediaRefused`."""
    messages = value.get("messages")
    if isinstance(messages, dict) and value.get("version") == 2:  # a live or offline model chat
        return
    if not isinstance(messages, list):
        raise MediaRefused("The conversation has no messages.")
    if len(messages) > MAX_MESSAGES:
        raise MediaRefused(
            f"The conversation has {len(messages)} messages; at most {MAX_MESSAGES} are possible."
        )
    seen: set[str] = set()
    for message in messages:
        if not isinstance(message, dict) or not isinstance(message.get("messageId"), str):
            raise MediaRefused("A message of the conversation has no messageId.")
        name = message["messageId"]
        if name in seen:
            raise MediaRefused(f"The messageId {name!r} is used twice.")
        seen.add(name)
        content = message.get("content")
        if not isinstance(content, str):
            raise MediaRefused(f"The message {name!r} has no content.")
        if len(content) > MAX_MESSAGE:
            raise MediaRefused(
                f"The message {name!r} has {len(content):,} characters; at most {MAX_MESSAGE:,} are possible."
            )
