"""Checks of the customer's own: each a Python file in the folder `CUSTOM_CHECKS_FOLDER`.

A file has `CODES`, the codes it may raise, and `check(invoice, context)`, a `Check`. It runs
with all rights of the service: whoever may write into the folder may do what the service may.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from src.domain.checks.base import Check, CheckContext, RegisteredCheck
from src.domain.checks.registry import REGISTRY
from src.domain.errors import ConfigurationError
from src.domain.findings import Finding, Severity
from src.domain.invoice import Invoice

FAILED = "custom-check-failed"
_CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST_CODE = 64


def load_custom_checks(folder: Path) -> tuple[RegisteredCheck, ...]:
    """The checks of the folder's `*.py` files, in the order of their names; files that start
    with an underscore are left to the others to import.

    Raises `ConfigurationError` naming file and remedy.
    """
    if not folder.is_dir():
        raise ConfigurationError(
            f"CUSTOM_CHECKS_FOLDER={folder} is no folder. Make it, or clear the setting."
        )
    taken = {code: "the product" for check in REGISTRY for code in check.codes}
    found = []
    for path in sorted(folder.glob("*.py")):
        if path.name.startswith("_"):
            continue
        loaded = _load(path)
        for code in loaded.codes:
            if code == FAILED:
                continue
            if code in taken:
                raise ConfigurationError(
                    f"{path}: the code '{code}' is used by {taken[code]} already; choose another."
                )
            taken[code] = path.name
        found.append(loaded)
    return tuple(found)


def _load(path: Path) -> RegisteredCheck:
    module = _import(path)
    codes, check = getattr(module, "CODES", None), getattr(module, "check", None)
    if (
        not isinstance(codes, tuple)
        or not codes
        or FAILED in codes
        or not all(isinstance(code, str) and _is_code(code) for code in codes)
    ):
        raise ConfigurationError(
            f"{path}: CODES must be a tuple of codes in small letters with hyphens, such as "
            'CODES = ("cost-centre-missing",).'
        )
    if not callable(check):
        raise ConfigurationError(
            f"{path}: there is no function check(invoice, context); docs/checks.md has an example."
        )
    return RegisteredCheck((*codes, FAILED), _Guarded(path.name, codes, check))


def _import(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"custom_checks.{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ConfigurationError(f"{path} cannot be imported as Python.")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # somebody else's code may raise anything
        raise ConfigurationError(
            f"{path} cannot be loaded: {type(error).__name__}: {error}. Correct it, or take it "
            "out of the folder."
        ) from error
    return module


def _is_code(code: str) -> bool:
    return len(code) <= _LONGEST_CODE and _CODE.fullmatch(code) is not None


@dataclass(frozen=True, slots=True)
class _Guarded:
    """A check that may fail: then the document is held, and the others go on."""

    file: str
    codes: tuple[str, ...]
    check: Check

    def __call__(self, invoice: Invoice, context: CheckContext, /) -> Iterator[Finding]:
        try:
            found = list(self.check(invoice, context))
            problem = self._problem_of(found)
        except Exception as error:  # noqa: BLE001  somebody else's code may raise anything
            found, problem = [], f"{type(error).__name__}: {error}"
        if problem is None:
            yield from found
            return
        yield Finding(
            code=FAILED,
            severity=Severity.ERROR,
            message=f"The custom check {self.file} failed ({problem[:200]}).",
            fields=(),
            remedy="Correct the file in CUSTOM_CHECKS_FOLDER and process the document again.",
        )

    def _problem_of(self, found: Sequence[object]) -> str | None:
        for finding in found:
            if not isinstance(finding, Finding):
                return "it must yield findings"
            if finding.code not in self.codes:
                return f"its CODES lack '{finding.code}'"
        return None
