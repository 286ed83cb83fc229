"""Checks an invoice and decides on it: the same for an engine's answer and a correction."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from src.domain.candidate import Alternative
from src.domain.checks import CheckContext, CheckSettings, run_checks
from src.domain.findings import Finding
from src.domain.invoice import Invoice
from src.domain.page import ReadDocument
from src.domain.review import Decision, decide
from src.ports import Clock


@dataclass(frozen=True, slots=True)
class Verdict:
    findings: tuple[Finding, ...]
    decision: Decision


class Judge:
    def __init__(self, *, clock: Clock, settings: CheckSettings, accept_confidence: float) -> None:
        self._clock = clock
        self._settings = settings
        self._accept_confidence = accept_confidence

    async def judge(
        self,
        document_id: str,
        invoice: Invoice,
        read: ReadDocument,
        alternatives: Sequence[Alternative],
    ) -> Verdict:
        context = CheckContext(
            pages=read.pages,
            today=self._clock().date(),
            settings=self._settings,
            alternatives=tuple(alternatives),
            hidden=read.hidden,
            active_content=read.active_content,
        )
        return await asyncio.to_thread(self._decide, invoice, context)

    def _decide(self, invoice: Invoice, context: CheckContext) -> Verdict:
        findings = run_checks(invoice, context)
        confidence = self._accept_confidence
        return Verdict(findings, decide(invoice, findings, accept_confidence=confidence))
