"""Responses (应急响应): plans say what proposes a level and what is done at it; a named post approves it."""
