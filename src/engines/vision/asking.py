"""One view of a page in, one validated answer out: cache, question, bounded re-asking."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass

from loguru import logger

from src.domain.errors import EngineUnavailable, ExtractionFailed, UnusableAnswer
from src.engines.vision.answers import take
from src.engines.vision.cache import AnswerCache, cache_key
from src.engines.vision.client import KeptFailing, Question
from src.engines.vision.gate import Gate
from src.engines.vision.pictures import View
from src.engines.vision.profiles import Profile
from src.engines.vision.prompting import PromptSet
from src.engines.vision.reply import Flaw, FlawedAnswer, Reply
from src.engines.vision.schema import PageAnswer, answer_schema

log = logger.bind(channel="processing")

# A first question and two more; a model that fails three times fails for ever.
MOST_QUESTIONS = 3
_SEED = 7
_MOST_CRASHES = 2
_MOST_SUSPECTS = 1000
# Temperature of further questions: at 0 a model falls into the same loop again.
_WARMER = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A view and where it is from."""

    view: View
    page: int
    pages: int
    document_id: str | None


class Asker:
    """Asks one model with one set of prompts."""

    def __init__(
        self, *, gate: Gate, cache: AnswerCache, prompts: PromptSet, model_id: str, profile: Profile
    ) -> None:
        """`model_id` names the model and its exact version, as far as the server tells it."""
        self._gate = gate
        self._cache = cache
        self._prompts = prompts
        self._model_id = model_id
        self._profile = profile
        # Questions on which the server broke, with how often.
        self._fatal: Counter[str] = Counter()

    async def answer(self, request: Request) -> PageAnswer:
        """Raises `UnusableAnswer` when no question brought a usable answer (`KeptFailing` when the
        server failed on them), and what `Gate.ask` raises."""
        question = self._question(request)
        key = self._key(question)
        kept = await self._cache.get(key, request.document_id)
        if kept is not None and (answer := _still_good(kept)) is not None:
            return answer
        try:
            reply, answer = await self._asked(question, request)
        except _ServerBroke as error:
            raise self._suspected(key, request, error.cause) from error
        self._fatal.pop(key, None)
        await self._cache.put(key, reply.text or reply.thinking, request.document_id)
        return answer

    async def _asked(self, question: Question, request: Request) -> tuple[Reply, PageAnswer]:
        told: list[str] = []
        broke = False
        asked = question
        while True:
            try:
                reply = await self._gate.ask(asked)
                return reply, take(reply)
            except FlawedAnswer as flaw:
                told.append(flaw.detail)
                broke = flaw.flaw is Flaw.SERVER_ERROR
                log.warning(
                    "page {} of {}: answer {} of the model cannot be used: {}",
                    request.page,
                    request.document_id or "a document",
                    len(told),
                    flaw.detail,
                )
                if len(told) == MOST_QUESTIONS:
                    why = (
                        f"The model gave no usable answer for page {request.page} in "
                        f"{MOST_QUESTIONS} tries. {' '.join(dict.fromkeys(told))}"
                    )
                    if broke:
                        raise _ServerBroke(KeptFailing(why)) from flaw
                    raise UnusableAnswer(why) from flaw
                asked = self._once_more(question, request, flaw, len(told))
            except EngineUnavailable as error:
                if broke:
                    raise _ServerBroke(error) from error
                raise

    def _suspected(self, key: str, request: Request, error: ExtractionFailed) -> ExtractionFailed:
        """A page that takes the server down each time must not do so for ever: outages use up no
        attempts of a document."""
        if len(self._fatal) > _MOST_SUSPECTS:
            self._fatal.clear()
        self._fatal[key] += 1
        if self._fatal[key] < _MOST_CRASHES:
            return error
        return UnusableAnswer(
            f"The model's server broke {_MOST_CRASHES} times while it worked on page "
            f"{request.page}. {error.message}"
        )

    def _question(self, request: Request, characters: int | None = None) -> Question:
        return Question(
            system=self._prompts.system,
            text=self._prompts.ask(
                request.view,
                request.page,
                request.pages,
                self._profile.text_characters if characters is None else characters,
            ),
            images=request.view.images if self._profile.vision else (),
            temperature=self._profile.temperature,
            repeat_penalty=self._profile.repeat_penalty,
            seed=_SEED,
        )

    def _once_more(
        self, question: Question, request: Request, flaw: FlawedAnswer, times: int
    ) -> Question:
        """The same question, with what was wrong and what may help against it."""
        if flaw.flaw is Flaw.SERVER_ERROR:
            # Nothing was wrong with the question; but some servers fail on it again and again.
            return question
        if flaw.flaw is Flaw.TOO_LONG:
            shorter = self._profile.text_characters // 3**times
            return self._question(request, characters=shorter)
        looping = flaw.flaw is Flaw.LOOPING
        return Question(
            system=question.system,
            text=f"{question.text}\n\n{self._prompts.ask_again(flaw)}",
            images=question.images,
            temperature=max(question.temperature, _WARMER),
            repeat_penalty=question.repeat_penalty + (0.1 if looping else 0.0),
            seed=_SEED + times,
            thoughts=flaw.flaw is Flaw.EMPTY and self._profile.can_think,
        )

    def _key(self, question: Question) -> str:
        profile = asdict(self._profile) | {"parallel": None, "load_remedy": None}
        return cache_key(
            (
                self._model_id,
                self._prompts.version,
                json.dumps(profile, sort_keys=True, default=str),
                json.dumps(answer_schema(), sort_keys=True),
                question.system,
                question.text,
                *question.images,
            )
        )


class _ServerBroke(Exception):
    """The server failed on a question again and again, or cannot be reached since."""

    def __init__(self, cause: ExtractionFailed) -> None:
        super().__init__(cause.message)
        self.cause = cause


def _still_good(kept: str) -> PageAnswer | None:
    try:
        return take(Reply(text=kept, ended_by="stop"))
    except FlawedAnswer:
        return None
