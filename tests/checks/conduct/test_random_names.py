"""Domains that nobody registered, and names that do not exist for innocent reasons."""

import hashlib

from thingwarden.model import Confidence, Severity

from tests.checks.judged import judged
from tests.home import Home

CHECK = "random-names"
LETTERS = "bcdfghjklmnpqrstvwxz"


def drawn(number: int) -> str:
    """Twelve consonants, other ones for each number."""
    digest = hashlib.sha256(bytes((number,))).digest()
    return "".join(LETTERS[byte % len(LETTERS)] for byte in digest[:12])


def test_a_burst_of_random_domains_is_likely():
    home = Home()
    camera = home.device("camera")
    camera.asks("api.vendor.com", "203.0.113.5")
    frames = [camera.asks(f"{drawn(number)}.com", rcode=3) for number in range(25)]

    result = judged(home)

    finding = result.finding(camera, CHECK)
    assert (finding.severity, finding.confidence) == (Severity.MEDIUM, Confidence.LIKELY)
    assert result.frames(camera, CHECK) == frames


def test_the_probes_of_a_browser_and_local_names_are_silent():
    home = Home()
    laptop = home.device("laptop")
    for number in range(60):
        laptop.asks(drawn(number), rcode=3)
        laptop.asks(f"{drawn(number)}.lan", rcode=3)
        laptop.asks(f"{drawn(number)}.company.com", rcode=3)

    assert judged(home).is_silent(laptop, CHECK)


def test_a_blocker_of_advertisements_is_silent():
    home = Home()
    phone = home.device("phone")
    words = ["metrics", "banner", "tracker", "adserver", "analytics"]
    for number in range(40):
        phone.asks(f"{words[number % 5]}{'abcdefgh'[number // 5]}media.com", rcode=3)

    assert judged(home).is_silent(phone, CHECK)


def test_few_among_many_that_exist_are_silent():
    home = Home()
    phone = home.device("phone")
    for number in range(25):
        phone.asks(f"{drawn(number)}.com", rcode=3)
        phone.asks(f"site{number}.com", "203.0.113.5")
        phone.asks(f"shop{number}.net", "203.0.113.6")

    assert judged(home).is_silent(phone, CHECK)


def test_questions_that_nobody_answers_are_not_judged():
    home = Home()
    phone = home.device("phone")
    for number in range(30):
        phone.asks(f"{drawn(number)}.com")

    assert not judged(home).was_judged(phone, CHECK)
