"""The embedded cluster against a real PostgreSQL: it starts, heals, and says clearly why it cannot."""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from gis_data import cluster
from gis_data.clock import monotonic_s
from gis_data.cluster import Cluster, bin_dir
from gis_data.errors import BaochuError, Conflict, Invalid, Unavailable

ROOT = os.geteuid() == 0
SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER
START = """
import sys
from pathlib import Path
from gis_data.cluster import Cluster
Cluster(Path(sys.argv[1])).start()
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the server's user can reach (pytest's own are closed to it), with a short path."""
    with tempfile.TemporaryDirectory(prefix="baochu-", dir="/tmp", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        yield Path(name)
        with contextlib.suppress(BaochuError):
            Cluster(Path(name) / "data/cluster").stop()


@pytest.fixture
def ours(place: Path) -> Cluster:
    """A cluster that was not made yet."""
    return Cluster(place / "data/cluster")


def connect(ours: Cluster) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(ours.url("postgres").replace("+psycopg", ""), autocommit=True)


def show(ours: Cluster, setting: str) -> object:
    with connect(ours) as db:
        row = db.execute(f"SHOW {setting}").fetchone()
        assert row
        return row[0]


def kill(ours: Cluster) -> int:
    """SIGKILL the postmaster and wait until it is dead."""
    pid = ours.pid()
    assert pid
    os.kill(pid, signal.SIGKILL)
    deadline = monotonic_s() + 10
    while ours.running():
        assert monotonic_s() < deadline
    return pid


def write(ours: Cluster, acknowledged: list[int]) -> None:
    """Commit numbers until the database fails."""
    with contextlib.suppress(psycopg.Error), connect(ours) as db:
        for i in itertools.count():
            db.execute("INSERT INTO n VALUES (%s)", [i])
            acknowledged.append(i)


def written(ours: Cluster) -> set[object]:
    with connect(ours) as db:
        return {i for (i,) in db.execute("SELECT i FROM n")}


def test_start_stop_and_again(ours: Cluster) -> None:
    assert not ours.running()
    ours.stop()
    assert not ours.home.exists(), "stopping makes nothing"
    ours.start()
    pid = ours.pid()
    ours.start()
    assert ours.running()
    assert ours.pid() == pid
    with connect(ours) as db:
        db.execute("CREATE EXTENSION postgis")
        db.execute("CREATE TABLE kept AS SELECT ST_MakePoint(120.1, 30.2) AS at")
    ours.stop()
    ours.stop()
    assert not ours.running()
    ours.start()
    with connect(ours) as db:
        assert db.execute("SELECT ST_X(at) FROM kept").fetchone() == (120.1,)


def test_is_durable_private_and_plain(ours: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPORT", "6543")
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    ours.start()
    monkeypatch.delenv("PGPORT")
    wanted = {"listen_addresses": "", "fsync": "on", "full_page_writes": "on", "synchronous_commit": "on",
              "data_checksums": "on", "jit": "off", "TimeZone": "UTC", "server_encoding": "UTF8",
              "lc_collate": "C.UTF-8", "max_connections": "100"}  # fmt: skip
    assert {name: show(ours, name) for name in wanted} == wanted
    assert (ours.home / "run").stat().st_mode & 0o777 == 0o700
    assert (ours.home / "pg").stat().st_uid != 0, "the server never runs as root"


def test_two_processes_at_once_make_one_cluster(ours: Cluster) -> None:
    both = [subprocess.Popen([sys.executable, "-c", START, str(ours.home)]) for _ in range(2)]
    assert [process.wait(30) for process in both] == [0, 0]
    assert {p.name for p in ours.home.iterdir()} == {"pg", "run", "lock", "postgres.log"}
    assert (ours.home / "postgres.log").read_text().count("ready to accept") == 1


def test_outlives_its_starter_and_holds_no_pipe(ours: Cluster) -> None:
    subprocess.run([sys.executable, "-c", START, str(ours.home)], capture_output=True, timeout=30, check=True)
    assert ours.running()


def test_a_killed_postmaster_loses_nothing(ours: Cluster) -> None:
    ours.start()
    acknowledged: list[int] = []
    with connect(ours) as db:
        db.execute("CREATE TABLE n (i integer)")
    writer = threading.Thread(target=write, args=(ours, acknowledged))
    writer.start()
    deadline = monotonic_s() + 10
    while len(acknowledged) < 100:
        assert monotonic_s() < deadline
    kill(ours)
    writer.join(10)
    ours.start()
    assert written(ours) >= set(acknowledged)


def test_waits_for_a_backend_that_outlives_its_postmaster(ours: Cluster) -> None:
    ours.start()
    busy = psycopg.connect(ours.url("postgres").replace("+psycopg", ""))
    busy.pgconn.send_query(b"DO $$ DECLARE t timestamptz := clock_timestamp(); BEGIN "
                           b"WHILE clock_timestamp() < t + interval '1 s' LOOP END LOOP; END $$")  # fmt: skip
    old = kill(ours)
    ours.start()
    assert ours.pid() != old
    assert "pre-existing shared memory block" in (ours.home / "postgres.log").read_text()
    busy.close()


def test_heals_where_nobody_reaps_the_dead(ours: Cluster) -> None:
    libc = ctypes.CDLL(None)
    assert libc.prctl(SUBREAPER, 1, 0, 0, 0) == 0  # the postmaster's parent is now this process
    try:
        ours.start()
        dead = kill(ours)
        deadline = monotonic_s() + 10
        while ") Z " not in Path(f"/proc/{dead}/stat").read_text():
            assert monotonic_s() < deadline
        ours.start()
        assert ours.pid() != dead
        ours.stop()
    finally:
        libc.prctl(SUBREAPER, 0, 0, 0, 0)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def test_a_reused_process_id_is_not_the_postmaster(ours: Cluster) -> None:
    ours.start()
    stale = (ours.home / "pg/postmaster.pid").read_text().split("\n", 1)[1]
    kill(ours)
    (ours.home / "pg/postmaster.pid").write_text(f"{os.getpid()}\n{stale}")
    assert not ours.running()
    ours.start()
    assert show(ours, "port") == "5432"


@pytest.mark.parametrize("thing", ["holiday.jpg", "pg/holiday.jpg", "pg/PG_VERSION"])
def test_refuses_a_folder_that_holds_something_else(ours: Cluster, thing: str) -> None:
    file = ours.home / thing
    file.parent.mkdir(parents=True)
    file.write_text("15")
    with pytest.raises(Conflict, match="not Baochu's"):
        ours.start()
    assert file.read_text() == "15"
    assert not ours.running()


def test_refuses_a_file_in_the_place_of_the_folder(place: Path) -> None:
    (place / "data").write_text("")
    with pytest.raises(Conflict, match="not Baochu's"):
        Cluster(place / "data/cluster").start()


def test_takes_away_what_a_killed_first_start_left(ours: Cluster) -> None:
    (ours.home / "pg.new-killed/base").mkdir(parents=True)
    ours.start()
    assert not list(ours.home.glob("pg.new-*"))


def test_another_version_names_the_package(ours: Cluster) -> None:
    ours.start()
    ours.stop()
    (ours.home / "pg/PG_VERSION").write_text("9\n")
    with pytest.raises(Conflict, match=r"made by PostgreSQL 9.*postgresql-9-postgis-3"):
        ours.start()


def test_not_installed_names_the_package(ours: Cluster, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "LIB", place / "lib")
    monkeypatch.setattr(cluster, "SHARE", place / "share")
    with pytest.raises(Unavailable, match="apt-get install postgresql postgresql-postgis"):
        ours.start()
    for major in ("9.6", "15"):
        (place / "lib" / major / "bin").mkdir(parents=True)
        (place / "lib" / major / "bin/postgres").touch()
    with pytest.raises(Unavailable, match="apt-get install postgresql-15-postgis-3"):
        bin_dir()
    (place / "share/9.6/extension").mkdir(parents=True)
    (place / "share/9.6/extension/postgis.control").touch()
    assert bin_dir() == place / "lib/9.6/bin"


def test_a_closed_parent_is_named(place: Path) -> None:
    closed = place / "home"
    closed.mkdir(mode=0o700)
    if not ROOT:
        closed.chmod(0o500)
    with pytest.raises(Unavailable, match=f"{closed}.* cannot be used") as caught:
        Cluster(closed / "data/cluster").start()
    assert "没有权限" in caught.value.zh


@pytest.mark.parametrize("name", ["西湖" * 20, "a,b", "$HOME", 'a"b'])
def test_a_path_that_no_socket_can_have(place: Path, name: str) -> None:
    with pytest.raises(Invalid, match="path for a socket") as caught:
        Cluster(place / name).start()
    assert caught.value.field == "data"
    assert not list(place.iterdir())


def test_a_chinese_path_with_spaces_works(place: Path) -> None:
    ours = Cluster(place / "data/西湖 it's 1 & 100%")
    ours.start()
    try:
        assert show(ours, "port") == "5432"
    finally:
        ours.stop()


@pytest.fixture
def disk(place: Path) -> Iterator[Path]:
    """A real file system of 100 MB."""
    folder = place / "data"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=100m,mode=0711", "tmpfs", str(folder)]
    if not ROOT or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a small file system can be mounted by root only")
    yield folder
    Cluster(folder / "cluster").stop()
    subprocess.run(["umount", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Leave not a byte free."""
    filler = folder / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(bytes(1 << 20)):
            pass
    return filler


def test_a_full_disk_is_named_and_nothing_is_lost(disk: Path) -> None:
    ours = Cluster(disk / "cluster")
    filler = fill(disk)
    with pytest.raises(Unavailable, match="disk is full"):
        ours.start()
    filler.write_bytes(bytes(80 << 20))
    with pytest.raises(Unavailable, match="disk is full"):
        ours.start()
    assert not list(ours.home.glob("pg*"))
    filler.unlink()
    ours.start()
    with connect(ours) as db:
        db.execute("CREATE TABLE n AS SELECT -1 AS i")
    filler = fill(disk)
    acknowledged: list[int] = []
    write(ours, acknowledged)
    filler.unlink()
    ours.start()
    assert written(ours) >= {-1, *acknowledged}


@pytest.mark.skipif(not ROOT, reason="only root can become another user")
def test_an_ordinary_user_runs_it_as_himself_and_root_joins(place: Path) -> None:
    shutil.chown(place, "nobody")
    ours = Cluster(place / "data/cluster")
    as_nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", sys.executable, "-c"]
    if subprocess.run([*as_nobody, "import gis_data.cluster"], capture_output=True).returncode:
        pytest.skip("this interpreter or folder is closed to other users")
    subprocess.run([*as_nobody, START, str(ours.home)], check=True, timeout=30)
    pid = ours.pid()
    assert pid
    assert Path(f"/proc/{pid}").stat().st_uid == place.stat().st_uid
    kill(ours)
    ours.start()
    assert Path(f"/proc/{ours.pid()}").stat().st_uid == place.stat().st_uid
