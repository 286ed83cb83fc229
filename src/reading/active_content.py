"""What a PDF would do by itself when it is opened: scripts, launched programs, sent forms.

Nothing of it is ever run here. The names are looked for in the raw bytes first; a file without
them, and without compressed objects that could hold them, is not opened a second time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pikepdf

# /S of an action, or key of the catalogue -> what people call it.
_ACTIONS = {
    "/JavaScript": "JavaScript",
    "/Launch": "starts a program",
    "/SubmitForm": "sends a form",
    "/ImportData": "imports data",
    "/Rendition": "plays media",
    "/RichMediaExecute": "plays media",
}
_MAY_HOLD = re.compile(
    rb"/(?:JavaScript|Launch|SubmitForm|ImportData|Rendition|RichMedia|XFA|ObjStm)"
)
# A name may be written with escapes, such as /#4aavaScript.
_ESCAPED = re.compile(rb"/[A-Za-z#0-9]*#[0-9A-Fa-f]{2}")
# More of a file, and more objects of it, are not looked at.
_MOST_BYTES = 64 * 1024 * 1024
_MOST_PAGES = 200
_MOST_ITEMS = 2_000
_DEEPEST = 32


def active_content(path: Path) -> tuple[str, ...]:
    """What the file would do, each kind once; empty for a plain file and for one that cannot
    be looked into (reading it tells what is wrong)."""
    with path.open("rb") as file:
        raw = file.read(_MOST_BYTES)
    if not (_MAY_HOLD.search(raw) or _ESCAPED.search(raw)):
        return ()
    try:
        with pikepdf.open(path) as pdf:
            return tuple(dict.fromkeys(_found(pdf)))
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RecursionError):
        return ()


def _found(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    yield from _of_actions(root, 0)
    names = root.get("/Names")
    if isinstance(names, pikepdf.Dictionary) and "/JavaScript" in names:
        yield "JavaScript"
    form = root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary):
        if "/XFA" in form:
            yield "an XFA form"
        yield from _of_fields(form.get("/Fields"), 0)
    for number, page in enumerate(pdf.pages):
        if number >= _MOST_PAGES:
            return
        yield from _of_actions(page.obj, 0)
        annotations = page.obj.get("/Annots")
        if isinstance(annotations, pikepdf.Array):
            for _, annotation in zip(range(_MOST_ITEMS), annotations, strict=False):
                yield from _of_annotation(annotation)


def _of_annotation(annotation: pikepdf.Object) -> Iterator[str]:
    if not isinstance(annotation, pikepdf.Dictionary):
        return
    if annotation.get("/Subtype") in ("/RichMedia", "/Screen", "/Movie", "/3D"):
        yield "plays media"
    yield from _of_actions(annotation, 0)


def _of_fields(fields: object, depth: int) -> Iterator[str]:
    if not isinstance(fields, pikepdf.Array) or depth > _DEEPEST:
        return
    for _, field in zip(range(_MOST_ITEMS), fields, strict=False):
        if isinstance(field, pikepdf.Dictionary):
            yield from _of_actions(field, 0)
            yield from _of_fields(field.get("/Kids"), depth + 1)


def _of_actions(owner: pikepdf.Object, depth: int) -> Iterator[str]:
    """Of everything that happens to a catalogue, page, annotation or field."""
    for key in ("/OpenAction", "/A"):
        yield from _of_action(owner.get(key), depth)
    events = owner.get("/AA")
    if isinstance(events, pikepdf.Dictionary):
        for key in events.keys():  # noqa: SIM118 (a PDF dictionary is no mapping)
            yield from _of_action(events.get(key), depth)


def _of_action(action: object, depth: int) -> Iterator[str]:
    if not isinstance(action, pikepdf.Dictionary) or depth > _DEEPEST:
        return
    kind = _ACTIONS.get(str(action.get("/S")))
    if kind is not None:
        yield kind
    following = action.get("/Next")
    for one in following if isinstance(following, pikepdf.Array) else (following,):
        yield from _of_action(one, depth + 1)
