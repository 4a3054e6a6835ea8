"""The policy of the sample capture, learnt once."""

from pathlib import Path

import pytest

from thingwarden.wrapping import learn_captures

SAMPLE = Path(__file__).parents[2] / "samples/home.pcap"


@pytest.fixture(scope="session")
def learnt():
    return learn_captures([SAMPLE])


@pytest.fixture(scope="session")
def sample():
    return SAMPLE
