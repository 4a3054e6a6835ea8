"""Text -> the kernel's rules, all of it or nothing; and what the kernel has, as nft lists it."""

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass
from typing import Any

from thingwarden.errors import GatewayError

INSTALL = "Install nftables, version 1.0 or newer."


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What nft answered."""

    code: int
    out: str
    err: str

    @property
    def reason(self) -> str:
        """The first line of its complaint."""
        lines = (line.strip() for line in self.err.splitlines())
        return next((line for line in lines if line), "no reason given")


def run(*words: str, given: str = "", held: int | None = None) -> Said:
    """What `nft WORDS` says to the text `given`; raises `GatewayError` where there is no nft.

    The text lies in a file before nft begins, so that it reads all of it also when we are killed: cut off
    between two tables it would be sound, and half. `held` is the file of a lock, which stays locked until
    nft has ended.
    """
    with tempfile.TemporaryFile() as file:
        file.write(given.encode())
        file.seek(0)
        try:
            done = subprocess.run(  # noqa: S603  # our own words
                ["nft", *words],  # noqa: S607  # where it lies differs from system to system
                stdin=file,
                capture_output=True,
                check=False,
                pass_fds=() if held is None else (held,),
                env={**os.environ, "LC_ALL": "C"},
            )
        except OSError as error:
            raise GatewayError(f"nft cannot be run ({error.strerror})", hint=INSTALL) from error
    out, err = (text.decode("utf-8", "replace") for text in (done.stdout, done.stderr))
    return Said(code=done.returncode, out=out, err=err)


def check(text: str) -> str:
    """Why the kernel would not take the text; empty where it would."""
    said = run("-c", "-f", "-", given=text)
    return said.reason if said.code else ""


def change(text: str, *, held: int | None = None) -> None:
    """Load the text in one transaction; raises `GatewayError`, and then nothing has changed."""
    said = run("-f", "-", given=text, held=held)
    if said.code:
        raise GatewayError(
            f"the kernel does not take these rules: {said.reason[:300]}",
            hint="Nothing was changed. `nft -c -f FILE` shows the line.",
        )


def listed(*what: str) -> Any:  # noqa: ANN401  # JSON of nft
    """JSON of `nft list WHAT`; no items where there is no such thing."""
    said = run("-j", "list", *what)
    return {"nftables": []} if said.code or not said.out.strip() else json.loads(said.out)
