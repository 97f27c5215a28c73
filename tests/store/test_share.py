from __future__ import annotations

from pathlib import Path

from secaudit.store import share

MOUNTS = r"""
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
23 22 0:21 / /home rw - nfs4 server:/home rw
24 23 0:22 / /home/may/tài\040liệu rw shared:3 master:2 - ext4 /dev/vdb rw
25 22 0:23 / /mnt/chung rw - cifs //may-chu/chung rw
26 22 0:24 / /mnt/chung rw - ext4 /dev/vdc rw
""".strip()


def test_the_nearest_mount_decides() -> None:
    kinds = {
        "/srv": "ext4",
        "/home": "nfs4",
        "/home/x/y": "nfs4",
        "/homes": "ext4",
        "/mnt/chung/xa": "ext4",  # mounted over the share
    }
    assert {folder: share._file_system(Path(folder), MOUNTS) for folder in kinds} == kinds


def test_spaces_and_letters_in_mounted_paths() -> None:
    assert share._file_system(Path("/home/may/tài liệu/x"), MOUNTS) == "ext4"


def test_this_computer_is_no_share(tmp_path: Path) -> None:
    assert not share.on_network_share(tmp_path)
