"""Checks an invoice and decides on it: the same for an engine's answer and a correction."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from src.domain.candidate import Alternative
from src.domain.checks import CheckContext, Rules, run_checks
from src.domain.findings import Finding
from src.domain.invoice import Invoice
from src.domain.knowledge import Knowledge
from src.domain.page import ReadDocument
from src.domain.results import ProcessedInvoice
from src.domain.review import Decision, decide
from src.domain.suppliers import SUPPLIER_MEMORY, suggestions
from src.ports import Clock, KnowledgeRepository, UnitOfWork
from src.services.suppliers import SupplierMemoryService


@dataclass(frozen=True, slots=True)
class Case:
    """What is judged."""

    document_id: str
    invoice: Invoice
    read: ReadDocument
    # Second values from the engines; what the memory suggested is made anew.
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    findings: tuple[Finding, ...]
    decision: Decision
    # Those of the case, and what earlier corrections suggest.
    alternatives: tuple[Alternative, ...]
    case: Case
    # What was known of other documents when it was judged.
    known: Knowledge

    def applied_to(
        self, result: ProcessedInvoice, offered: tuple[Alternative, ...] = ()
    ) -> ProcessedInvoice:
        """The result with these findings and this decision, and nobody's approval; `offered`
        alternatives are added to the verdict's."""
        return result.model_copy(
            update={
                "review_status": self.decision.status,
                "review_reasons": self.decision.reasons,
                "approved_by": None,
                "findings": self.findings,
                "alternatives": self.alternatives + offered,
            }
        )


class Judge:
    def __init__(
        self,
        *,
        uow: UnitOfWork,
        memory: SupplierMemoryService,
        clock: Clock,
        accept_confidence: float,
        rules: Rules | None = None,
    ) -> None:
        self._uow = uow
        self._memory = memory
        self._clock = clock
        self._accept_confidence = accept_confidence
        self._rules = rules or Rules()

    def use(self, rules: Rules) -> None:
        """From now on."""
        self._rules = rules

    async def judge(
        self,
        document_id: str,
        invoice: Invoice,
        read: ReadDocument,
        alternatives: Sequence[Alternative],
    ) -> Verdict:
        of_engines = (one for one in alternatives if one.reading.engine != SUPPLIER_MEMORY)
        case = Case(document_id, invoice, read, tuple(of_engines))
        async with self._uow() as documents:
            known = await self._known(case, documents)
        return await asyncio.to_thread(self._decide, case, known)

    async def confirm(self, verdict: Verdict, documents: KnowledgeRepository) -> Verdict:
        """The verdict as it is now, in the transaction that saves it: the same object unless
        other documents were saved meanwhile that matter. Of two copies judged at the same
        moment, so the second one sees the first."""
        case = verdict.case
        known = await self._known(case, documents)
        if known == verdict.known:
            return verdict
        return await asyncio.to_thread(self._decide, case, known)

    async def _known(self, case: Case, documents: KnowledgeRepository) -> Knowledge:
        return await self._memory.about(
            documents,
            case.document_id,
            case.invoice,
            count_up_to=self._rules.settings.new_supplier_holds_from,
        )

    def _decide(self, case: Case, known: Knowledge) -> Verdict:
        context = CheckContext(
            pages=case.read.pages,
            today=self._clock().date(),
            settings=self._rules.settings,
            alternatives=case.alternatives,
            known=known,
            hidden=case.read.hidden,
            active_content=case.read.active_content,
        )
        findings = run_checks(case.invoice, context, self._rules.custom)
        confidence = self._accept_confidence
        return Verdict(
            findings=findings,
            decision=decide(case.invoice, findings, accept_confidence=confidence),
            alternatives=case.alternatives + suggestions(case.invoice, known.supplier),
            case=case,
            known=known,
        )
