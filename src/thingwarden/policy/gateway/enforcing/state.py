"""What was loaded, what was confirmed, what still waits for a word: kept in a folder, over crashes and reboots.

`state.json` is replaced as a whole. It says what is *meant*; a chain in the tables, named after what was
loaded with it in one transaction, says what *is*.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import msgspec

from thingwarden.errors import GatewayError
from thingwarden.policy.gateway.steps import Step

STATE_FILE, LOCK_FILE = "state.json", "lock"
SCHEMA = "thingwarden-enforce-1"

DEFAULT_FOLDER = Path("/var/lib/thingwarden")

LOCK_SECONDS = 20
"""How long another may take, who changes the rules at this moment: a large site loads in some seconds."""

ID_LETTERS = 16

BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A rule set that was loaded; its text and its policy lie in the folder under its `id`."""

    id: str
    step: Step
    families: tuple[str, ...]
    since_us: int
    """When it was loaded: its counters began then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A change that is taken back unless somebody confirms it."""

    token: str
    boot: str
    until_seconds: float
    """On the clock that runs since the machine was started, and that nobody sets."""
    until_us: int
    """The same for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """When the next step may be taken without asking again."""

    days: float
    most_stopped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """All that is kept."""

    schema: str = SCHEMA
    loaded: Loaded | None = None
    confirmed: Loaded | None = None
    """What comes back when a change is not confirmed, and after a reboot; None: no rules of ours."""
    pending: Pending | None = None
    agreed: Agreed | None = None
    note: str = ""
    """What happened last without anybody asking for it."""


def read_state(folder: Path) -> State:
    """What the folder says, the beginning where it says nothing; raises `GatewayError`."""
    file = folder / STATE_FILE
    try:
        state = msgspec.json.decode(file.read_bytes(), type=State)
    except FileNotFoundError:
        return State()
    except OSError as error:
        raise GatewayError(f"{file}: cannot be read ({error.strerror})", hint=_AS_ROOT) from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise GatewayError(f"{file}: not a state ({error})", hint=_BEGIN_ANEW) from error
    if state.schema != SCHEMA:
        raise GatewayError(f"{file}: a state of schema {state.schema!r}", hint=_BEGIN_ANEW)
    return state


def write_state(folder: Path, state: State) -> None:
    """Replace the state as a whole; raises `GatewayError`."""
    write_file(folder / STATE_FILE, msgspec.json.format(msgspec.json.encode(state), indent=1))


def tidy(folder: Path, state: State) -> None:
    """Remove rule sets that the state no longer speaks of, and what was kept for a change that is over."""
    if state.pending is None:
        kept_file(folder).unlink(missing_ok=True)
    kept = {one.id for one in (state.loaded, state.confirmed) if one}
    for pattern in ("*.nft", "*.policy"):
        for file in folder.glob(pattern):
            if file.stem not in kept:
                file.unlink(missing_ok=True)


def keep_rules(folder: Path, rules: str, policy: bytes) -> str:
    """Put a rule set and its policy into the folder; gives the id under which they lie."""
    text = rules.encode()
    name = sha256(text + policy).hexdigest()[:ID_LETTERS]
    for file, data in ((rules_file(folder, name), text), (policy_file(folder, name), policy)):
        if not file.exists():
            write_file(file, data)
    return name


def rules_file(folder: Path, name: str) -> Path:
    """Where the rule set of an id lies."""
    return folder / f"{name}.nft"


def policy_file(folder: Path, name: str) -> Path:
    """Where the policy of an id lies."""
    return folder / f"{name}.policy"


def kept_file(folder: Path) -> Path:
    """Where the learnt addresses of what was confirmed lie, while a change waits for a word."""
    return folder / "kept.elements"


def write_file(file: Path, data: bytes) -> None:
    """Write a file whole or not at all, for our eyes only; raises `GatewayError`."""
    new = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        with open(new, "wb", opener=_private) as stream:  # Path has no opener
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        new.replace(file)
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
        raise GatewayError(
            f"{file}: cannot be written ({error.strerror})", hint=_AS_ROOT
        ) from error


@contextlib.contextmanager
def locked(folder: Path, *, seconds: float = LOCK_SECONDS) -> Iterator[int]:
    """Alone at the folder, which is made where it is missing; gives the lock's file.

    Whoever inherits the file keeps the lock, also when we are killed. Raises `GatewayError`.
    """
    _make(folder)
    try:
        number = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise GatewayError(f"{folder}: cannot be used ({error.strerror})", hint=_AS_ROOT) from error
    try:
        _wait(number, folder, seconds)
        yield number
    finally:
        os.close(number)


def boot_id() -> str:
    """Names the run of this machine since it was started; empty where it has no name."""
    try:
        return BOOT.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def uptime() -> float:
    """Seconds since the machine was started, sleep included, on a clock that nobody sets."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def is_late(pending: Pending) -> bool:
    """Whether a change can no longer be confirmed: its time is over, or the machine was started anew."""
    return pending.boot != boot_id() or uptime() >= pending.until_seconds


_AS_ROOT = "Run it as root, or name a folder of your own with --state."
_BEGIN_ANEW = "`thingwarden enforce off` takes our rules off, and begins anew."


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _make(folder: Path) -> None:
    """What lies there is loaded by root: nobody else may write into it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except OSError as error:
        raise GatewayError(f"{folder}: cannot be made ({error.strerror})", hint=_AS_ROOT) from error
    if status.st_mode & 0o022 or status.st_uid not in {0, os.geteuid()}:
        raise GatewayError(
            f"{folder}: others may write into it",
            hint="`chmod 700` it, or name another folder with --state.",
        )


def _wait(number: int, folder: Path, seconds: float) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= end:
                raise GatewayError(
                    f"{folder}: another thingwarden is changing the rules",
                    hint="Try again when it is done.",
                ) from error
            time.sleep(0.05)
        else:
            return
