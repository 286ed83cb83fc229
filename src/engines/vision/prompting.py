"""The words a model is asked with: files in `prompts/`, filled in here."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from string import Template

from src.engines.vision.page_text import page_text
from src.engines.vision.pictures import View
from src.engines.vision.reply import Flaw, FlawedAnswer
from src.engines.vision.schema import schema_in_words

PROMPTS = Path(__file__).parent / "prompts"

# What helps beside the reason; most flaws need no more than being told.
_ADVICE = {
    Flaw.TRUNCATED: " Keep it short: null for bank, addresses and terms, and the first 20 lines "
    "at most.",
    Flaw.LOOPING: " Give each line of the page once, and stop after the last one.",
    Flaw.SCHEMA_ECHO: " Do not repeat the schema; fill it in.",
}


@dataclass(frozen=True)
class PromptSet:
    """The prompt files of one folder. Reads files: make it outside the event loop."""

    name: str
    system: str
    page: Template
    again: Template
    example_text: str
    example_answer: str

    @classmethod
    def load(cls, name: str = "invoice_page") -> PromptSet:
        folder = PROMPTS / name

        def text(file: str) -> str:
            return (folder / file).read_text(encoding="utf-8").strip()

        return cls(
            name=name,
            system=text("system.txt"),
            page=Template(text("page.txt")),
            again=Template(text("again.txt")),
            example_text=text("example.txt"),
            example_answer=text("example.json"),
        )

    @cached_property
    def version(self) -> str:
        """Name and digest: two prompts that differ in a letter are two versions."""
        whole = "\0".join(
            (
                self.system,
                self.page.template,
                self.again.template,
                self.example_text,
                self.example_answer,
                schema_in_words(),
            )
        )
        return f"{self.name}-{hashlib.sha256(whole.encode()).hexdigest()[:8]}"

    def ask(self, view: View, page: int, pages: int, longest: int) -> str:
        """The request for one view; the page's text is marked as data.

        The mark comes from the text itself, so that a page cannot contain its own end mark.
        """
        text = page_text(view.words, longest)
        return self.page.substitute(
            page=page,
            pages=pages,
            part=f" ({view.part})" if view.part else "",
            schema=schema_in_words(),
            example_text=self.example_text,
            example_answer=self.example_answer,
            mark=hashlib.sha256(text.encode()).hexdigest()[:8],
            text=text or "(no text was found on this page)",
        )

    def ask_again(self, flaw: FlawedAnswer) -> str:
        """What is added to the request after an answer that could not be used."""
        return self.again.substitute(reason=flaw.detail, advice=_ADVICE.get(flaw.flaw, ""))
