"""A folder of files nobody should send, and what must become of each."""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pikepdf
from PIL import Image

from tests.e2e.documents import text_invoice

# error type of the refusal -> names of the files it is meant for
Expected = dict[str, set[str]]


def fill(folder: Path, scratch: Path) -> Expected:
    """Put the hostile files into `folder`; returns what must be refused, and why."""
    good = text_invoice(scratch / "good.pdf", 900).read_bytes()
    jpeg = BytesIO()
    Image.effect_noise((800, 600), 60).save(jpeg, "JPEG")
    webp = BytesIO()
    Image.effect_noise((800, 600), 60).save(webp, "WEBP")
    contents = {
        "empty.pdf": b"",
        "program.pdf": b"\x7fELF\x02\x01\x01" + bytes(4000),
        "page.png": b"<html><script>alert(1)</script></html>",
        "archive.pdf": _zip(),
        "header only.pdf": b"%PDF-1.7\n",
        "cut.pdf": good[: len(good) // 3],
        "cut.jpg": jpeg.getvalue()[:5000],
        "cut.webp": webp.getvalue()[:3000],
        "broken.tif": b"II*\x00\xff\xff\xff\x7f" + bytes(100),
        "bomb.png": _png_bomb(40_000),
        "bomb.xml": _billion_laughs(),
        "entity.xml": b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        b"<r>&e;</r>",
        "other.xml": b"<catalogue><item/></catalogue>",
        "letter.txt": b"Dear Sir or Madam, please find enclosed",
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    _encrypted(folder / "locked.pdf", good)
    _many_pages(folder / "long.pdf", 20_000)
    return {
        "CorruptDocument": {
            "empty.pdf",
            "header only.pdf",
            "cut.pdf",
            "cut.jpg",
            "cut.webp",
            "broken.tif",
            "entity.xml",
            "bomb.xml",
        },
        "UnsupportedMedia": {"program.pdf", "page.png", "archive.pdf", "other.xml", "letter.txt"},
        "EncryptedDocument": {"locked.pdf"},
        "TooManyPages": {"long.pdf"},
        "TooLarge": {"bomb.png"},
    }


def add_special_files(folder: Path) -> set[str]:
    """A symbolic link and a FIFO: they must stay where they are, untouched."""
    (folder / "link.pdf").symlink_to("/etc/passwd")
    os.mkfifo(folder / "pipe.pdf")
    return {"link.pdf", "pipe.pdf"}


def _zip() -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return target.getvalue()


def _billion_laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "ha">{entities}]><r>&l9;</r>'.encode()


def _png_bomb(side: int) -> bytes:
    """A valid one-bit PNG of side x side pixels in a few hundred kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    packer = zlib.compressobj(9)
    row = bytes(1 + side // 8)
    data = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


def _encrypted(path: Path, content: bytes) -> None:
    with pikepdf.open(BytesIO(content)) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="owner", user="secret"))


def _many_pages(path: Path, pages: int) -> None:
    """Page objects that share one empty content: small on disk, long to walk."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>"
        % (pages, b" ".join(b"%d 0 R" % (3 + number) for number in range(pages))),
        *[b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"] * pages,
    ]
    out = BytesIO(b"%PDF-1.7\n")
    out.seek(0, 2)
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % offset for offset in offsets))
    out.write(
        b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    )
    path.write_bytes(out.getvalue())
