"""The embedded database: a private PostGIS cluster in the data directory, reached over a unix socket only."""

from __future__ import annotations

import errno
import fcntl
import os
import pwd
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from gis_data.clock import monotonic_s
from gis_data.errors import BaochuError, Conflict, Invalid, Unavailable

LIB = Path("/usr/lib/postgresql")
SHARE = Path("/usr/share/postgresql")
ROLE = "baochu"
SOCKET = ".s.PGSQL.5432"
SOCKET_LIMIT = 107  # bytes: what the kernel takes for a socket's path
UNFIT = set(',"$`\\\n')  # libpq reads a comma as a second host, pg_ctl hands paths to a shell
START_S = 300  # replaying the write-ahead log after a crash may take long
ORPHAN_S = 60  # backends of a killed postmaster may finish a statement first
LITTLE_SPACE = 16 << 20  # one write-ahead log segment

# Always said on the command line, so that no edited file can make the data less safe or open a TCP port.
GUARDS = """--listen_addresses= --port=5432 --unix_socket_permissions=0700 --fsync=on --full_page_writes=on
 --logging_collector=off --lc_messages=C"""

# Written once, when the cluster is made; a bureau may change it. The file also marks the cluster as ours.
MARK = "baochu.conf"
TUNING = """\
max_connections = 100
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
effective_cache_size = 1GB
max_parallel_workers = 0    # two cores serve many small queries better than one big one
wal_compression = on
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_checkpoints = off
"""


def bin_dir(major: str | None = None) -> Path:
    """The programs of the newest installed PostgreSQL (or of one major version) that has PostGIS."""
    installed = sorted(LIB.glob(f"{major or '[0-9]*'}/bin/postgres"), key=lambda p: -float(p.parts[-3]))
    for program in installed:
        if (SHARE / program.parts[-3] / "extension/postgis.control").exists():
            return program.parent
    major = installed[0].parts[-3] if installed else major
    package = f"postgresql-{major}-postgis-3" if major else "postgresql postgresql-postgis"
    raise Unavailable(
        f"未找到 PostgreSQL/PostGIS，请安装：apt-get install {package}",
        f"PostgreSQL with PostGIS was not found; install it: apt-get install {package}",
    )


@dataclass(frozen=True)
class Cluster:
    """One cluster: data in `home/pg`, socket in `home/run`, log in `home/postgres.log`."""

    home: Path

    def start(self) -> None:
        """Make the cluster if it is missing, heal it if it was killed, and return when it answers."""
        if len(os.fsencode(self._run / SOCKET)) > SOCKET_LIMIT or UNFIT & set(str(self._run)):
            zh = f"路径过长或含特殊字符，不能放套接字：{self._run}。请把 BAOCHU_DATA 设为短而简单的路径。"
            en = f"{self._run} is too long or odd a path for a socket. Set BAOCHU_DATA to a short plain one."
            raise Invalid(zh, en, field="data")
        with self._plain_errors():
            for folder in self._way():
                if not folder.exists():
                    folder.mkdir(exist_ok=True)
                    folder.chmod(0o711)  # whatever the umask: the server's user must be able to pass
            with self._locked():
                if not self.running():
                    self._require_ours()
                    self._require_way_in()
                    if not (self._pg / MARK).exists():
                        self._make()
                    self._launch()
                self._wait()

    def stop(self) -> None:
        """Disconnect everybody, write everything down and stop; nothing happens when it is not running."""
        if not self.home.exists():
            return
        with self._plain_errors(), self._locked():
            if self.running():
                self._postgres("pg_ctl", "stop", "-m", "fast", "-t", str(START_S), "-D", str(self._pg))

    def running(self) -> bool:
        """Whether the cluster's postmaster is alive."""
        return self.pid() is not None

    def pid(self) -> int | None:
        """The living postmaster's process id: not a zombie's, nor one that another program got meanwhile."""
        with self._plain_errors():
            try:
                pid = int((self._pg / "postmaster.pid").read_text().split("\n")[0])
                arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")  # a zombie has none
            except (FileNotFoundError, NotADirectoryError, ProcessLookupError, ValueError):
                return None
            return pid if os.fsencode(self._pg) in arguments else None

    def url(self, database: str) -> str:
        """The address of one of its databases, for SQLAlchemy."""
        return f"postgresql+psycopg://{ROLE}@/{quote(database, safe='')}?host={quote(str(self._run))}"

    @property
    def _pg(self) -> Path:
        return self.home.resolve() / "pg"

    @property
    def _run(self) -> Path:
        return self.home.resolve() / "run"

    @property
    def _log(self) -> Path:
        return self.home.resolve() / "postgres.log"

    def _way(self) -> list[Path]:
        """The folders from the root down to the cluster's home."""
        return [*reversed(self.home.resolve().parents), self.home.resolve()]

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One process at a time; the kernel lets go when the holder dies."""
        fd = os.open(self.home / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            yield
        finally:
            os.close(fd)

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        """Say what the file system refused in words that help."""
        try:
            yield
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise self._full() from error
            if error.errno in (errno.ENOTDIR, errno.EEXIST):
                raise self._foreign(error.filename) from error
            raise self._no_way(error.filename, str(error.strerror)) from error

    def _require_ours(self) -> None:
        """Refuse to touch a folder that holds something else."""
        if self._pg.exists() and any(self._pg.iterdir()):
            if not ((self._pg / MARK).exists() and (self._pg / "PG_VERSION").exists()):
                raise self._foreign(self._pg)
            return
        ours = {"pg", "run", "lock", "postgres.log", "lost+found"}
        if any(p.name not in ours and not p.name.startswith("pg.new-") for p in self.home.iterdir()):
            raise self._foreign(self.home)

    def _require_way_in(self) -> None:
        """Refuse a place that the server's user cannot reach, e.g. under somebody's 0700 home."""
        self._own(self.home.resolve())
        for folder in self._way():
            if subprocess.run([*self._prefix(), "test", "-x", str(folder)]).returncode:
                raise self._no_way(folder, f"chmod o+x {shlex.quote(str(folder))}")

    def _make(self) -> None:
        """Make the cluster beside its place and move it there whole, so that a half-made one never counts."""
        for rest in self.home.glob("pg.new-*"):
            shutil.rmtree(rest, ignore_errors=True)
        new = Path(tempfile.mkdtemp(prefix="pg.new-", dir=self.home.resolve()))
        try:
            self._own(new)
            options = "--auth-local=trust --auth-host=reject --encoding=UTF8 --locale=C.UTF-8 -T simple -k"
            self._postgres("initdb", "-D", str(new), "-U", ROLE, *options.split())
            (new / MARK).write_text(TUNING)
            self._own(new / MARK)
            with (new / "postgresql.conf").open("a") as conf:
                conf.write(f"include '{MARK}'\n")
            new.rename(self._pg)
            os.sync()
        finally:
            shutil.rmtree(new, ignore_errors=True)

    def _launch(self) -> None:
        """Clear what a killed postmaster left, and start a new one that outlives this process."""
        self._run.mkdir(mode=0o700, exist_ok=True)
        self._own(self._run)
        sockets = shlex.quote(f'--unix_socket_directories="{self._run}"')
        deadline = monotonic_s() + ORPHAN_S
        while True:
            # PostgreSQL takes a zombie for a living server. Backends that live on it knows by shared memory.
            for stale in (self._pg / "postmaster.pid", self._run / f"{SOCKET}.lock"):
                stale.unlink(missing_ok=True)
            try:
                start = ("start", "-w", "-t", str(START_S), "-D", str(self._pg), "-l", str(self._log))
                return self._postgres("pg_ctl", *start, "-o", f"{' '.join(GUARDS.split())} {sockets}")
            except Unavailable as error:
                if "pre-existing shared memory block" not in error.en or monotonic_s() > deadline:
                    raise
            time.sleep(0.1)

    def _wait(self) -> None:
        """Wait for a server that is still replaying its log (a starter may have been killed meanwhile)."""
        deadline = monotonic_s() + START_S
        while self.running() and monotonic_s() < deadline:
            if (self._pg / "postmaster.pid").read_text().rstrip().endswith("ready"):
                return
            time.sleep(0.05)
        raise self._failure("")

    def _postgres(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as the server's user, with nothing of the caller's environment."""
        before = self._log.stat().st_size if self._log.exists() else 0
        done = subprocess.run(
            [*self._prefix(), str(self._bin() / program), *arguments],
            cwd="/", env={"PATH": os.defpath, "LC_ALL": "C"}, text=True, errors="replace",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        if done.returncode:
            logged = self._log.read_bytes()[before:] if self._log.exists() else b""
            raise self._failure(done.stdout + logged.decode(errors="replace"))

    def _bin(self) -> Path:
        """The programs that fit the data."""
        version = self._pg / "PG_VERSION"
        if not version.exists():
            return bin_dir()
        major = version.read_text().strip()
        try:
            return bin_dir(major)
        except Unavailable as error:
            zh = f"{self._pg} 由 PostgreSQL {major} 创建。{error.zh}；或移走该目录后重新导入数据。"
            en = f"{self._pg} was made by PostgreSQL {major}. {error.en}; or move it away and load again."
            raise Conflict(zh, en) from error

    def _prefix(self) -> list[str]:
        """What makes a command run as the server's user."""
        uid, gid = self._user()
        return [] if os.geteuid() else ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups"]

    def _user(self) -> tuple[int, int]:
        """The caller; for root the owner of what is there, else `postgres`, else `nobody`."""
        if os.geteuid():
            return os.geteuid(), os.getegid()
        for folder in (self._pg, self.home):
            if folder.exists() and folder.stat().st_uid:
                return folder.stat().st_uid, folder.stat().st_gid
        users = {user.pw_name: user for user in pwd.getpwall()}
        user = users.get("postgres") or users["nobody"]
        return user.pw_uid, user.pw_gid

    def _own(self, path: Path) -> None:
        """Give a path to the server's user."""
        if not os.geteuid():
            os.chown(path, *self._user(), follow_symlinks=False)

    def _failure(self, said: str) -> BaochuError:
        """What PostgreSQL said, as one error."""
        if "No space left on device" in said or shutil.disk_usage(self.home).free < LITTLE_SPACE:
            return self._full()
        lines = [line for line in said.splitlines() if line.strip()] or [""]
        line = next((line for line in lines if "FATAL" in line or "PANIC" in line), lines[-1])
        return Unavailable(
            f"数据库没有启动或停止：{line}。请查看日志 {self._log}",
            f"The database did not start or stop: {line}. See its log {self._log}",
        )

    def _full(self) -> BaochuError:
        return Unavailable(
            f"磁盘已满：{self.home}。请腾出空间后再次启动，已提交的数据不会丢失。",
            f"The disk is full: {self.home}. Free some space and start again; nothing committed is lost.",
        )

    def _foreign(self, path: Path | str) -> BaochuError:
        return Conflict(
            f"{path} 不属于保俶，未做任何改动。请把 BAOCHU_DATA 设为其他目录，或移走该内容。",
            f"{path} is not Baochu's; nothing was touched. Set BAOCHU_DATA elsewhere, or move it away.",
        )

    def _no_way(self, path: Path | str, why: str) -> BaochuError:
        return Unavailable(
            f"没有权限使用 {path}（{why}）。请放开权限、改用创建它的用户，或把 BAOCHU_DATA 设为其他目录。",
            f"{path} cannot be used ({why}). Open it, run as its owner, or set BAOCHU_DATA elsewhere.",
        )
