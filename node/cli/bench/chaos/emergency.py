"""A disk that its own errors close for writing under the node's hands, as ext4 with `errors=remount-ro` does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from node.cli.bench.chaos.checks import find_wrong
from node.cli.bench.chaos.disks import SIZE, doctor_says, expect_again, expect_refused, refuses_to_start
from node.cli.bench.chaos.kinds import Blobs, Records
from node.cli.bench.chaos.machine import HOWEVER, do
from node.cli.bench.chaos.nursery import Nursery
from node.cli.bench.chaos.stage import NotHere, standing


@dataclass(frozen=True, slots=True)
class Disk:
    """A file system of its own on a loop device, mounted at `place`."""

    place: Path
    device: str

    def mount(self) -> None:
        """Make it usable. Raises NotHere."""
        do("mount", "-o", "errors=remount-ro", self.device, str(self.place))

    def fail(self) -> None:
        """Let the system find an error on it: from now on it can only be read. Raises NotHere."""
        try:
            Path(f"/sys/fs/ext4/{Path(self.device).name}/trigger_fs_error").write_text("1", "ascii")
        except OSError as error:
            raise NotHere(f"a disk cannot be made to fail here: {error.strerror}") from error

    def mend(self) -> None:
        """As an operator does: taken off, looked through, put back. Raises NotHere."""
        do("umount", str(self.place))
        do("e2fsck", "-p", "-f", self.device, well=(0, 1))
        self.mount()


@contextmanager
def disk_of_its_own(folder: Path) -> Iterator[Disk]:
    """A small ext4 at `folder`/disk for the length of the block. Raises NotHere."""
    image, place = folder / "image", folder / "disk"
    place.mkdir(parents=True)
    with image.open("wb") as file:
        file.truncate(SIZE << 20)
    do("mkfs.ext4", "-q", "-F", str(image))
    with ExitStack() as undo:
        device = do("losetup", "--find", "--show", str(image)).strip()
        undo.callback(do, "losetup", "--detach", device, well=HOWEVER)
        disk = Disk(place, device)
        disk.mount()
        undo.callback(do, "umount", "-l", str(place), well=HOWEVER)
        yield disk


def disk_emergency(folder: Path, nursery: Nursery) -> list[str]:
    """Writes are refused as what they are, reading goes on and the doctor knows; nothing is lost once it is mended."""
    with disk_of_its_own(folder / "failing") as disk, standing(disk.place / "node", nursery) as stage:
        records, pictures = Records(stage), Blobs(stage)
        for _ in range(5):
            records.write()
            pictures.write()
        disk.fail()
        wrong = expect_refused(stage, "503", records, pictures)
        wrong += doctor_says(nursery, folder / "doctor.json", stage.victim.data, "data folder", "read")
        stage.victim.kill()
        stage.leave()
        wrong += refuses_to_start(stage, folder / "start.log")
        disk.mend()
        stage.victim.start()
        wrong += expect_again(records, pictures)
        return wrong + records.lost() + pictures.lost() + find_wrong(stage.victim.data)
