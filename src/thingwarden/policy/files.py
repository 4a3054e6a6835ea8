"""A policy <-> `policy.json`: the one file from which all others of a policy folder can be written again."""

from pathlib import Path
from typing import Any

import msgspec

from thingwarden.errors import PolicyError
from thingwarden.model import DeviceId, Policy

POLICY_FILE = "policy.json"
SCHEMA = "thingwarden-policy-1"

MOST_BYTES = 256 << 20
"""A policy of 5,000 devices has some 60 MB."""


class _Written(msgspec.Struct, frozen=True, kw_only=True):
    schema: str
    policy: Policy


def write_policy(policy: Policy) -> bytes:
    """Deterministic JSON that people can read and compare."""
    written = _Written(schema=SCHEMA, policy=policy)
    return msgspec.json.format(msgspec.json.encode(written, order="deterministic"), indent=1)


def read_policy(data: bytes) -> Policy:
    """What `write_policy` wrote; raises `PolicyError` with the place that does not fit."""
    if len(data) > MOST_BYTES:
        raise PolicyError(f"a policy has at most {MOST_BYTES} bytes, this has {len(data)}")
    try:
        written = msgspec.json.decode(data, type=_Written, dec_hook=_as_id)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise PolicyError(f"not a policy: {error}") from error
    if written.schema != SCHEMA:
        raise PolicyError(f"a policy of schema {written.schema!r}, expected {SCHEMA!r}")
    return written.policy


def read_policy_folder(folder: Path) -> Policy:
    """The policy in `folder`, as `thingwarden wrap` left it; raises `PolicyError`."""
    file = folder / POLICY_FILE
    try:
        return read_policy(file.read_bytes())
    except OSError as error:
        raise PolicyError(
            f"{file}: cannot be read ({error.strerror})",
            hint="`thingwarden wrap --site DIR --out DIR` writes one.",
        ) from error
    except PolicyError as error:
        raise PolicyError(f"{file}: {error}", hint=error.hint) from error


def _as_id(kind: type, value: Any) -> Any:  # noqa: ANN401  # msgspec hands over what it does not know
    return value if kind is DeviceId else kind(value)
