"""Documents that the tests draw themselves."""

from __future__ import annotations

import asyncio
import io
import struct
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ParamSpec, TypeVar

import pikepdf
import reportlab
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from src.domain.errors import WorkerCrashed

P = ParamSpec("P")
R = TypeVar("R")

A4 = (595.0, 842.0)
_FONT = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"

# (x, y from the top, text), in points of an A4 page.
INVOICE_LINES = (
    (50, 60, "Northwind Traders Ltd"),
    (400, 60, "INVOICE"),
    (50, 110, "Invoice number: NW-2041"),
    (50, 130, "Invoice date: 2026-03-14"),
    (50, 200, "Description"),
    (330, 200, "Quantity"),
    (480, 200, "Amount"),
    (50, 225, "Desk lamp with wooden foot"),
    (330, 225, "3"),
    (480, 225, "149.70"),
    (50, 245, "Office chair, adjustable"),
    (330, 245, "2"),
    (480, 245, "518.00"),
    (330, 300, "Total EUR"),
    (480, 300, "667.70"),
)

CII_INVOICE = (
    b"<?xml version='1.0' encoding='UTF-8'?>"
    b'<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:'
    b'CrossIndustryInvoice:100"></rsm:CrossIndustryInvoice>'
)
UBL_INVOICE = b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'


class InlinePool:
    """Runs one call at a time in a thread of this process; faults are tried with the real pool."""

    def __init__(self) -> None:
        # PDFium must not be entered twice at once.
        self._one_at_a_time = asyncio.Lock()

    async def run(
        self, seconds: float, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        assert seconds > 0
        async with self._one_at_a_time:
            return await asyncio.to_thread(function, *args, **kwargs)


class CrashingPool:
    """Every worker dies."""

    async def run(
        self, seconds: float, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        raise WorkerCrashed("The process working on this document died.")


def text_pdf(
    pages: Sequence[Sequence[tuple[float, float, str]]] = (INVOICE_LINES,),
    *,
    turn: int = 0,
    text_angle: int = 0,
    invisible: bool = False,
    picture: Image.Image | None = None,
    picture_box: tuple[float, float, float, float] = (0, 0, *A4),
    password: str | None = None,
) -> bytes:
    """A PDF with a text layer; `turn` is /Rotate, `text_angle` turns what is drawn on the page
    counter-clockwise, `picture_box` is x, y (from the bottom), width, height."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4 if text_angle % 180 == 0 else A4[::-1], encrypt=password)
    for lines in pages:
        if text_angle == 90:
            canvas.translate(A4[1], 0)
        elif text_angle == 180:
            canvas.translate(*A4)
        elif text_angle == 270:
            canvas.translate(0, A4[0])
        canvas.rotate(text_angle)
        if picture is not None:
            canvas.drawImage(ImageReader(picture), *picture_box)
        for x, y, text in lines:
            written = canvas.beginText(x, A4[1] - y)
            written.setFont("Helvetica", 11)
            written.setTextRenderMode(3 if invisible else 0)
            written.textOut(text)
            canvas.drawText(written)
        canvas.showPage()
    canvas.save()
    return with_rotate(buffer.getvalue(), turn) if turn else buffer.getvalue()


def with_rotate(pdf: bytes, turn: int) -> bytes:
    """The PDF with /Rotate on its page tree, from which all pages inherit it."""
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            if "/Rotate" in page.obj:
                del page.obj["/Rotate"]
        document.Root.Pages.Rotate = turn
        document.save(buffer)
    return buffer.getvalue()


def scan(
    lines: Sequence[tuple[float, float, str]] = INVOICE_LINES,
    *,
    dpi: int = 150,
    paper: str = "white",
) -> Image.Image:
    """An A4 page as a scanner gives it."""
    scale = dpi / 72
    image = Image.new("RGB", (round(A4[0] * scale), round(A4[1] * scale)), paper)
    font = ImageFont.truetype(str(_FONT), round(11 * scale))
    draw = ImageDraw.Draw(image)
    for x, y, text in lines:
        draw.text((x * scale, y * scale), text, fill="black", font=font, anchor="ls")
    return image


def image_bytes(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def tiff_bytes(pages: Sequence[Image.Image], **options: object) -> bytes:
    return image_bytes(pages[0], "TIFF", save_all=True, append_images=list(pages[1:]), **options)


def png_of_claimed_size(width: int, height: int) -> bytes:
    """A small file whose header promises an enormous picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\x00" * 10_000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def pdf_of_many_pages(count: int) -> bytes:
    """The smallest PDF with `count` empty pages."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>"]
    kids = b" ".join(b"%d 0 R" % (3 + i) for i in range(count))
    objects.append(b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids))
    objects.extend([b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"] * count)
    body = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj%sendobj\n" % (number, content)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    body += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(body)


def write(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path
