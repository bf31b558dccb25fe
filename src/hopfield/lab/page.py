"""The lab of a page of the book: one session, which the page's worker asks (web/src/lab)."""

from __future__ import annotations

from .session import Session

_session = Session()
answer = _session.answer
