"""What a PDF would do by itself when it is opened: scripts, launched programs, sent forms.

Nothing of it is ever run here. The names are looked for in the raw bytes first; a file without
them, and without compressed objects that could hold them, is not opened a second time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
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
_MEDIA = frozenset({"/RichMedia", "/Screen", "/Movie", "/3D"})
_MAY_HOLD = re.compile(
    rb"/(?:JavaScript|Launch|SubmitForm|ImportData|Rendition|RichMedia|XFA|ObjStm)"
)
# A name may be written with escapes, such as /#4aavaScript.
_ESCAPED = re.compile(rb"/[A-Za-z#0-9]*#[0-9A-Fa-f]{2}")
# More of a file, and more objects of it, are not looked at.
_MOST_BYTES = 64 * 1024 * 1024
_MOST_PAGES = 200
_MOST_ITEMS = 2_000


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
    except pikepdf.PdfError:
        return ()
    except (ValueError, TypeError, KeyError):
        # Entries of a type no program that makes PDFs would write.
        return ("actions that cannot be looked into",)


def _found(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    names, form = root.get("/Names"), root.get("/AcroForm")
    if isinstance(names, pikepdf.Dictionary) and "/JavaScript" in names:
        yield "JavaScript"
    if isinstance(form, pikepdf.Dictionary) and "/XFA" in form:
        yield "an XFA form"
    owners = [pdf.Root, *_fields(form), *_pages_and_annotations(pdf)]
    for owner in owners:
        if owner.get("/Subtype") in _MEDIA:
            yield "plays media"
        yield from _actions_of(owner)


def _pages_and_annotations(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Dictionary]:
    for page in islice(pdf.pages, _MOST_PAGES):
        yield page.obj
        yield from _dictionaries(page.obj.get("/Annots"))


def _fields(form: object) -> Iterator[pikepdf.Dictionary]:
    """Fields of a form and the fields below them."""
    if not isinstance(form, pikepdf.Dictionary):
        return
    waiting = list(_dictionaries(form.get("/Fields")))
    for _ in range(_MOST_ITEMS):
        if not waiting:
            return
        field = waiting.pop()
        yield field
        waiting.extend(_dictionaries(field.get("/Kids")))


def _actions_of(owner: pikepdf.Object) -> Iterator[str]:
    """Of all that happens to a catalogue, page, annotation or field."""
    events = owner.get("/AA")
    waiting: list[object] = [owner.get("/OpenAction"), owner.get("/A")]
    if isinstance(events, pikepdf.Dictionary):
        waiting += [events.get(key) for key in islice(events.keys(), _MOST_ITEMS)]
    # Actions may lead to others, and in a hostile file round in circles.
    for _ in range(_MOST_ITEMS):
        if not waiting:
            return
        action = waiting.pop()
        if isinstance(action, pikepdf.Dictionary):
            kind = _ACTIONS.get(str(action.get("/S")))
            if kind is not None:
                yield kind
            following = action.get("/Next")
            waiting.extend(following if isinstance(following, pikepdf.Array) else [following])


def _dictionaries(array: object) -> Iterator[pikepdf.Dictionary]:
    if isinstance(array, pikepdf.Array):
        for item in islice(array, _MOST_ITEMS):
            if isinstance(item, pikepdf.Dictionary):
                yield item
