"""Parses hostile XML within bounds and walks it by local names.

Local names, because one invoice vocabulary comes in several namespaces: ZUGFeRD 1.0, Factur-X
and the UN/CEFACT releases differ in namespace and agree in most element names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from lxml import etree

from src.domain.errors import UnusableAnswer

# XRechnung may carry its attachments as base64 text; CII and UBL nest about 12 levels deep.
MAX_BYTES = 20 * 1024 * 1024
MAX_ELEMENTS = 500_000
MAX_DEPTH = 64
# Attributes take memory too; "=" stands in each of them, in any encoding that XML allows.
MAX_ATTRIBUTES = 1_000_000


@dataclass(frozen=True, slots=True)
class XmlNode:
    """An element and the path to it.

    `path` names the elements from the root without namespaces; an element that has siblings
    of the same name carries its 1-based position, such as `Invoice/InvoiceLine[2]/ID`.
    """

    element: etree._Element
    path: str

    @property
    def name(self) -> str:
        return _local_name(self.element.tag)

    @property
    def namespace(self) -> str:
        return etree.QName(self.element).namespace or ""

    @property
    def text(self) -> str:
        """The element's own text without surrounding white space."""
        return (self.element.text or "").strip()

    def attribute(self, name: str) -> str:
        return (self.element.get(name) or "").strip()

    def all(self, path: str) -> Iterator[XmlNode]:
        """The elements at `path` below this one, in document order.

        Steps are parted by "/"; a step may name alternatives parted by "|", of which the
        first that is there is taken: `TradeTax/RateApplicablePercent|ApplicablePercent`.
        """
        step, _, rest = path.partition("/")
        for child in self._children(step):
            if rest:
                yield from child.all(rest)
            else:
                yield child

    def first(self, path: str) -> XmlNode | None:
        return next(self.all(path), None)

    def part(self, path: str) -> XmlNode:
        """The first at `path`, or an element without content where there is none."""
        return self.first(path) or XmlNode(etree.Element("nothing"), self.path)

    def filled(self, path: str) -> Iterator[XmlNode]:
        """Those at `path` that hold text."""
        return (node for node in self.all(path) if node.text)

    def value(self, *paths: str) -> XmlNode | None:
        """The first element with text, trying the paths in order."""
        for path in paths:
            for node in self.filled(path):
                return node
        return None

    def _children(self, step: str) -> list[XmlNode]:
        for name in step.split("|"):
            found = [child for child in self.element if _local_name(child.tag) == name]
            if found:
                repeated = len(found) > 1
                return [
                    XmlNode(child, f"{self.path}/{name}" + (f"[{index}]" if repeated else ""))
                    for index, child in enumerate(found, start=1)
                ]
        return []


def parse_xml(content: bytes) -> XmlNode:
    """The root of an XML document; raises `UnusableAnswer` for XML that is broken or unsafe.

    A DOCTYPE is refused, no entity is expanded and nothing is fetched.
    """
    if len(content) > MAX_BYTES:
        raise UnusableAnswer(
            f"The e-invoice XML has {len(content):,} bytes; at most {MAX_BYTES:,} are read. "
            "Ask the sender for one without large attachments."
        )
    if content.count(b"=") > MAX_ATTRIBUTES:
        raise UnusableAnswer("The e-invoice XML has more attributes than any invoice needs.")
    events = etree.iterparse(
        BytesIO(content),
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = _bounded(events)
    except etree.XMLSyntaxError as error:
        raise UnusableAnswer(
            f"The e-invoice XML cannot be parsed ({error.msg}); ask the sender for a correct file."
        ) from None
    return XmlNode(root, _local_name(root.tag))


def _bounded(events: etree.iterparse[tuple[str, etree._Element]]) -> etree._Element:
    """Run the parser to its end, counting elements and depth as they come."""
    first: tuple[str, etree._Element] = next(events)
    root = first[1]
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnusableAnswer(
            "The e-invoice XML has a DOCTYPE, which e-invoices never need and attacks do; it was "
            "not read."
        )
    elements = depth = 1
    for event, _ in events:
        if event == "end":
            depth -= 1
            continue
        elements += 1
        depth += 1
        if elements > MAX_ELEMENTS or depth > MAX_DEPTH:
            raise UnusableAnswer(
                f"The e-invoice XML is larger (over {MAX_ELEMENTS:,} elements) or deeper (over "
                f"{MAX_DEPTH} levels) than any invoice."
            )
    return root


def _local_name(tag: object) -> str:
    """The name without its namespace; empty for nodes that are no elements."""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
