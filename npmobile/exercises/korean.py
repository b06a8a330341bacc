"""The Korean of every sentence in a report, by its English."""

from __future__ import annotations

KOREAN: dict[str, str] = {}
