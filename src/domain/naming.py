"""When two names, numbers or accounts on paper mean the same thing."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

# How like two names must be (0..1, share of equal letters) to be one company misread.
_ALIKE = 0.85
# Longer texts are no names, and slow to compare.
_LONGEST_NAME = 120


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# How companies are constituted: left out where the same company is printed with and without.
_LEGAL_FORMS = _words(
    """
    ab ag aps as asa bhd bv bvba co company corp corporation cv doo dd eg ek ehf eirl eood
    etablissements ev eurl gbr gesmbh gie gk gmbh hf ii inc incorporated kft kg kgaa kk lda limited
    llc llp lp ltd ltda mbh nv oe ohg ood oy oyj partg plc pte pty pvt rt sa sapa sarl sas sasu
    sca scop sdn se sia sl slu snc sp spa spol spzoo sprl srl sro ug uab vof zrt
    """
)
_JOINING = frozenset({"and", "und", "et", "e", "y", "en", "i", "og", "och"})
_LOOKALIKES = str.maketrans("oil", "011")


def name_key(name: str) -> str:
    """The form a company's name is found by: case, accents, punctuation and legal form left out.

    "Müller & Söhne GmbH & Co. KG" and "MÜLLER + SÖHNE" are the same.
    """
    folded = unicodedata.normalize("NFKD", name[:_LONGEST_NAME]).casefold().replace("ß", "ss")
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    plain = re.sub(r"\bsp\.? ?z\.? ?o\.? ?o\b", "spzoo", re.sub(r"['’´`]", "", plain))
    words = re.sub(r"[^\w]+|_", " ", plain.replace(".", "")).split()
    words = [word for word in _joined_letters(words) if word not in _JOINING]
    kept = [word for word in words if word not in _LEGAL_FORMS]
    return " ".join(kept or words)


def _joined_letters(words: list[str]) -> list[str]:
    """Single letters in a row are one abbreviation: "a s" of "A/S" is "as"."""
    joined: list[str] = []
    after_letter = False
    for word in words:
        is_letter = len(word) == 1 and word.isalpha()
        if is_letter and after_letter:
            joined[-1] += word
        else:
            joined.append(word)
        after_letter = is_letter
    return joined


def alike(first: str, second: str) -> bool:
    """Whether two names (as printed) are the same company, perhaps misread or shortened."""
    one, other = name_key(first), name_key(second)
    if not one or not other:
        return False
    if one == other or one.replace(" ", "") == other.replace(" ", ""):
        return True
    words, others = set(one.split()), set(other.split())
    shorter = min(words, others, key=len)
    if (words <= others or others <= words) and any(len(word) > 3 for word in shorter):
        return True
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _ALIKE


def mentions(text: str, name: str) -> bool:
    """Whether a folded text (`name_key` of a page, say) holds the words of a name in a row."""
    key = name_key(name)
    return bool(key) and f" {key} " in f" {text} "


def number_key(number: str) -> str:
    """The form an invoice number is compared in.

    Spaces, punctuation and leading zeros are left out, and look-alikes (O and 0, I and l and 1)
    made one; a mark between two digits stays, because 1/12 is not 11/2.
    """
    folded = unicodedata.normalize("NFKC", number).casefold().translate(_LOOKALIKES)
    parts = re.findall(r"[0-9]+|[^\W\d_]+", folded)
    key = ""
    for part in parts:
        shown = (part.lstrip("0") or "0") if part[0].isdigit() else part
        key += f"-{shown}" if key and key[-1].isdigit() and shown[0].isdigit() else shown
    return key[:_LONGEST_NAME]


def compact(text: str) -> str:
    """Letters and digits in capitals: the form identifiers and accounts are compared in."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isalnum())


def one_edit_apart(first: str, second: str) -> bool:
    """Whether one character was changed, left out, added, or two neighbours were swapped."""
    if abs(len(first) - len(second)) > 1 or first == second:
        return False
    shorter, longer = sorted((first, second), key=len)
    start = next(
        (at for at, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter)
    )
    if len(shorter) < len(longer):
        return shorter[start:] == longer[start + 1 :]
    changed = shorter[start + 1 :] == longer[start + 1 :]
    swapped = (
        shorter[start : start + 2] == longer[start : start + 2][::-1]
        and shorter[start + 2 :] == longer[start + 2 :]
    )
    return changed or swapped


def number_shape(number: str) -> str:
    """The layout of a number: "RE-2026-00873" is "RE-9-9", letters as they are, digits as one 9."""
    plain = unicodedata.normalize("NFKC", number).upper()
    return re.sub(r"[0-9]+", "9", re.sub(r"\s+", " ", plain.strip()))
