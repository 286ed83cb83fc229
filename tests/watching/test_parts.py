"""Names, patience and what the system says of the folder's file system."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.watching.events import FolderEvents
from src.watching.mounts import file_system_of
from src.watching.names import claim_name, is_junk, parse_claim
from src.watching.patience import Patience
from src.watching.snapshot import Entry, look_at

ID = "0123456789abcdef" * 2
BYTES = st.binary(min_size=1, max_size=255).filter(lambda raw: b"/" not in raw and b"\0" not in raw)


@given(raw=BYTES, longest=st.sampled_from([143, 255]))
def test_a_claim_fits_and_tells_its_id(raw: bytes, longest: int) -> None:
    name = os.fsdecode(raw)
    claim = claim_name(ID, name, longest)
    assert len(os.fsencode(claim)) <= longest
    assert is_junk(claim)
    parsed = parse_claim(claim)
    assert parsed is not None
    assert parsed[0] == ID
    if len(raw) <= longest - 41:
        assert parsed[1] == name


def test_a_long_name_keeps_its_extension() -> None:
    parsed = parse_claim(claim_name(ID, "x" * 240 + ".tiff", 255))
    assert parsed is not None
    assert parsed[1].endswith("x.tiff")


@pytest.mark.parametrize("name", ["invoice.pdf", "claim-x.pdf", ".claim-short--a.pdf"])
def test_other_names_are_no_claims(name: str) -> None:
    assert parse_claim(name) is None


@pytest.mark.parametrize(
    "name", ["invoice.pdf", "part.pdf", "a.part.pdf", "..\\..\\up.pdf", "~.pdf"]
)
def test_documents_are_no_junk(name: str) -> None:
    assert not is_junk(name)


def entry(size: int, name: str = "a.pdf") -> Entry:
    return Entry(name=name, size=size, mtime_ns=1, inode=1, kind=0o100000)


def test_a_file_is_waited_for_until_it_rests() -> None:
    patience = Patience(stability_seconds=2.0, backoff_seconds=1.0)
    assert patience.see(entry(1), 100.0) == 2.0
    assert patience.see(entry(1), 101.5) == 0.5
    assert patience.see(entry(2), 102.0) == 2.0
    assert patience.see(entry(2), 104.0) == 0.0
    assert patience.see(entry(1, "claimed"), 104.0, rests=True) == 0.0


@pytest.mark.parametrize("now", [0.0, 16809.877789485, 16810.123456789, 1e7 + 0.1])
def test_a_new_file_waits_exactly_the_stability_time(now: float) -> None:
    assert Patience(stability_seconds=0.08, backoff_seconds=2.0).see(entry(1), now) == 0.08


def test_waits_double_up_to_five_minutes_and_growth_starts_anew() -> None:
    patience = Patience(stability_seconds=0.0, backoff_seconds=2.0)
    patience.see(entry(1), 0.0)
    waits = [patience.failed(entry(1), 0.0, "locked") for _ in range(30)]
    assert waits[:4] == [2.0, 4.0, 8.0, 16.0]
    assert waits[-1] == 300.0
    assert patience.see(entry(1), 0.0) == 300.0
    assert (patience.tries("a.pdf"), patience.troubles()) == (30, {"a.pdf": "locked"})
    patience.see(entry(2), 1.0)
    assert (patience.tries("a.pdf"), patience.troubles()) == (0, {})
    patience.keep_only({"b.pdf"})
    assert patience.tries("a.pdf") == 0


def test_a_file_that_cannot_be_taken_for_half_a_minute_is_told() -> None:
    patience = Patience(stability_seconds=0.0, backoff_seconds=2.0)
    told = []
    for _ in range(6):
        patience.failed(entry(1), 0.0, "locked")
        told.append(patience.is_tried)
    assert told == [False, False, False, False, True, True]
    patience.forget("a.pdf")
    assert not patience.is_tried


def test_a_failure_of_a_file_never_seen_counts() -> None:
    patience = Patience(stability_seconds=0.0, backoff_seconds=2.0)
    patience.failed(entry(1), 0.0, "locked")
    assert patience.tries("a.pdf") == 1


MOUNTS = r"""/dev/sda1 / ext4 rw 0 0
nas:/export /mnt/share nfs4 rw 0 0
//nas/scans /mnt/scan\040in cifs rw 0 0
/dev/sdb1 /mnt/share/local xfs rw 0 0
odd
//nas/late /mnt/share/local cifs rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/srv/incoming", "ext4"),
        ("/mnt/share/in", "nfs4"),
        ("/mnt/shared", "ext4"),
        ("/mnt/scan in/today", "cifs"),
        ("/mnt/share/local/in", "cifs"),
    ],
)
def test_the_file_system_is_that_of_the_nearest_mount(
    tmp_path: Path, folder: str, kind: str
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS)
    assert file_system_of(Path(folder), mounts) == kind


def test_a_system_that_does_not_say_is_probed(tmp_path: Path) -> None:
    assert file_system_of(tmp_path, tmp_path / "nothing") is None


def test_a_share_is_polled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("src.watching.events.file_system_of", lambda _: "nfs4")
    events = FolderEvents(tmp_path, lambda: None)
    announced = events.start("auto")
    events.stop()
    assert announced.mode == "polling"
    assert "nfs4" in announced.detail


def test_a_system_that_refuses_events_is_polled(tmp_path: Path) -> None:
    events = FolderEvents(tmp_path / "missing", lambda: None)
    assert events.start("events").mode == "polling"
    events.stop()


def test_a_probe_nobody_hears_of_leads_to_polling(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("src.watching.events._PROBE_SECONDS", 0.0)
    monkeypatch.setattr("src.watching.events._Handler.on_any_event", lambda *_: None)
    events = FolderEvents(tmp_path, lambda: None)
    assert events.start("auto").mode == "polling"
    assert list(tmp_path.iterdir()) == []


def test_events_tell_of_documents_and_not_of_junk(tmp_path: Path) -> None:
    told = threading.Event()
    events = FolderEvents(tmp_path, told.set)
    assert events.start("auto").mode == "events"
    (tmp_path / ".claim").write_bytes(b"x")
    assert not told.wait(0.3)
    (tmp_path / "a.pdf").write_bytes(b"x")
    assert told.wait(5)
    events.stop()


def test_an_entry_tells_files_from_folders(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"123")
    assert look_at(tmp_path / "a.pdf").is_file
    assert look_at(tmp_path).is_folder


def test_a_folder_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_bytes", refused)
    announced = FolderEvents(tmp_path, lambda: None).start("auto")
    assert announced.mode == "polling"
    assert "cannot be written (Permission denied)" in announced.detail
