"""Where clauses stand: the tables are whole, the rules hold, and worse evidence never helps."""

import subprocess
import sys
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thingwarden.checks import CHECKS
from thingwarden.checks.grading import assess_device
from thingwarden.checks.requirements import (
    FRAMEWORKS,
    Basis,
    Status,
    judge_device,
    judge_requirements,
    read_clauses,
    read_provisions,
)
from thingwarden.model import (
    CheckFacts,
    Concern,
    Confidence,
    Device,
    DeviceId,
    Evidence,
    Finding,
    NotJudged,
    Report,
    Severity,
    Source,
    Suppression,
)

DEVICE = Device(id=DeviceId("d"), macs=(), addresses=(), names=())
TRUST = (Status.REFUTED, Status.SIGNS_AGAINST, Status.NOT_EXAMINED, Status.MET_SO_FAR)
"""The worst first: what was not examined is worse than what nothing was found against."""

LANES = {"active test", "firmware", "documents"}
DECIDED = "5.5-1"
"""A provision that traffic can firmly refute."""
HINTED = "5.9-1"
"""One of which traffic gives a hint only."""
UNTOLD = "5.2-3"
"""One of which traffic tells nothing."""


def check(name, *provisions, failed=""):
    return CheckFacts(
        id=name,
        title=name,
        concern=Concern.EXPOSURE,
        sources=(Source(title="ours", url="https://example.org"),),
        limits=("Some.",),
        bears_on=provisions,
        failed=failed,
    )


def find(name, severity=Severity.MEDIUM, confidence=Confidence.LIKELY):
    row = Evidence(device_id=DEVICE.id, capture=0, frame=12, time_us=0, says="seen")
    return Finding(
        id=f"{name}:d",
        check=name,
        device_id=DEVICE.id,
        concern=Concern.EXPOSURE,
        severity=severity,
        confidence=confidence,
        statement=f"{name} found something.",
        remedy="",
        evidence=(row,),
        evidence_total=1,
    )


def miss(name):
    return NotJudged(
        check=name, device_id=DEVICE.id, concern=Concern.EXPOSURE, needs="A longer capture."
    )


def judged(checks, findings=(), gaps=(), framework="en303645"):
    assessment = assess_device(DEVICE, findings, gaps)
    return {one.id: one for one in judge_device(framework, checks, assessment).clauses}


@pytest.mark.parametrize("one", CHECKS, ids=lambda one: one.id)
def test_a_check_bears_on_provisions_that_exist(one):
    assert set(one.bears_on) <= read_provisions().keys()


def test_the_new_edition_has_78_provisions_36_of_them_mandatory():
    letters = Counter(one.status[0] for one in read_provisions().values())

    assert letters == {"M": 36, "R": 42}


def test_the_edition_before_has_68_provisions_33_of_them_mandatory():
    old = {one.id_v211: one.status_v211[0] for one in read_provisions().values() if one.id_v211}

    assert Counter(old.values()) == {"M": 33, "R": 35}


def test_traffic_firmly_refutes_few_provisions_and_documents_alone_settle_many():
    provisions = read_provisions().values()
    papers = [one for one in provisions if not (one.passive or one.active or one.firmware)]

    assert sum(one.passive == 2 for one in provisions) == 10
    assert len(papers) == 24


def test_every_provision_has_lanes_and_a_condition_where_its_status_has_one():
    for one in read_provisions().values():
        assert {one.passive, one.active, one.firmware, one.documents} <= {0, 1, 2}
        assert one.needs
        assert set(one.needs) <= LANES
        assert bool(one.condition) == ("(" in one.status), one.id
        assert one.title[0].isupper()


@pytest.mark.parametrize(
    ("framework", "clauses"),
    [
        ("en303645", 78), ("psti", 3), ("cra", 22), ("nist8259a", 6), ("nist8425", 10),
        ("iec62443", 24), ("fda524b", 3), ("unr155", 10), ("unr156", 5),
    ],
)  # fmt: skip
def test_a_framework_has_all_its_clauses_once(framework, clauses):
    ids = [one.id for one in read_clauses(framework)]

    assert len(ids) == len(set(ids)) == clauses


def test_every_framework_can_be_asked_for():
    assert all(read_clauses(framework) for framework in FRAMEWORKS)
    assert all(title for title in FRAMEWORKS.values())


def test_the_resilience_act_has_its_points_in_order():
    parts = [f"I(2)({letter})" for letter in "abcdefghijklm"]

    assert [one.id for one in read_clauses("cra")] == [
        "I(1)", *parts, *(f"II({number})" for number in range(1, 9))
    ]  # fmt: skip


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_clause_names_provisions_or_says_what_else_would_settle_it(framework):
    for one in read_clauses(framework):
        assert one.needs, one.id
        assert set(one.needs) <= LANES
        assert all(provision is read_provisions()[provision.id] for provision in one.provisions)
        assert one.title[0].isupper()
        assert isinstance(one.basis, Basis)


@pytest.mark.parametrize("framework", ["unr155", "unr156"])
def test_vehicles_are_not_judged_by_traffic(framework):
    assert not any(one.provisions for one in read_clauses(framework))


def test_tables_are_read_only_when_asked_for():
    code = "import thingwarden.checks.requirements as r; print(r.read_provisions.cache_info())"

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "currsize=0" in said.stdout


@pytest.mark.parametrize(
    ("provision", "severity", "confidence", "status"),
    [
        (DECIDED, Severity.MEDIUM, Confidence.LIKELY, Status.REFUTED),
        (DECIDED, Severity.LOW, Confidence.CERTAIN, Status.SIGNS_AGAINST),
        (DECIDED, Severity.CRITICAL, Confidence.CERTAIN, Status.REFUTED),
        (DECIDED, Severity.CRITICAL, Confidence.GUESS, Status.SIGNS_AGAINST),
        (DECIDED, Severity.INFO, Confidence.CERTAIN, Status.NOT_EXAMINED),
        (HINTED, Severity.CRITICAL, Confidence.CERTAIN, Status.SIGNS_AGAINST),
        (HINTED, Severity.LOW, Confidence.GUESS, Status.SIGNS_AGAINST),
        (UNTOLD, Severity.CRITICAL, Confidence.CERTAIN, Status.NOT_EXAMINED),
    ],
)
def test_a_finding_weighs_as_the_lane_and_its_confidence_allow(
    provision, severity, confidence, status
):
    clauses = judged([check("one", provision)], [find("one", severity, confidence)])

    assert clauses[provision].status is status
    assert sum(one.status is not Status.NOT_EXAMINED for one in clauses.values()) <= 1


def test_what_refutes_is_named_first():
    checks = [check("guessed", DECIDED), check("seen", DECIDED), check("silent", DECIDED)]
    guessed = find("guessed", Severity.CRITICAL, Confidence.GUESS)

    found = judged(checks, [guessed, find("seen")])[DECIDED]

    assert found.status is Status.REFUTED
    assert found.findings == ("seen:d", "guessed:d")
    assert found.checks == ("seen", "guessed")
    assert found.reason == "seen found something."


def test_what_a_user_accepts_refutes_all_the_same():
    accepted = Suppression(device_id=DEVICE.id, check="one", reason="mine", until="2030-01-01")
    finding = replace(find("one"), suppressed=accepted)

    assert judged([check("one", DECIDED)], [finding])[DECIDED].status is Status.REFUTED


def test_silence_is_met_so_far_and_never_more():
    found = judged([check("one", DECIDED), check("two", DECIDED)], gaps=[miss("two")])[DECIDED]

    assert found.status is Status.MET_SO_FAR
    assert found.checks == ("one",)
    assert not found.findings
    assert "proves nothing" in found.reason


def test_no_status_and_no_reason_speaks_of_compliance():
    everything = [check("one", *read_provisions())]

    for framework in FRAMEWORKS:
        for one in judged(everything, framework=framework).values():
            words = f"{one.status.value} {one.reason}".casefold()
            assert not any(word in words for word in ("compl", "conform", "pass", "fulfil"))
            assert one.status in {Status.MET_SO_FAR, Status.NOT_EXAMINED}


def test_of_what_traffic_tells_nothing_silence_says_nothing():
    assert judged([check("one", UNTOLD)])[UNTOLD].status is Status.NOT_EXAMINED


def test_without_a_check_it_is_said_what_would_settle_it():
    found = judged([])

    assert {one.status for one in found.values()} == {Status.NOT_EXAMINED}
    assert found["5.4-3"].reason == "What would settle it: firmware."
    assert found["5.13-1B"].clause.needs == ("active test", "firmware", "documents")


def test_a_check_without_enough_traffic_says_what_it_lacks():
    found = judged([check("one", DECIDED)], gaps=[miss("one")])[DECIDED]

    assert found.status is Status.NOT_EXAMINED
    assert (
        found.reason == "What would settle it: active test. What traffic lacks: A longer capture."
    )


def test_a_check_that_failed_examined_nothing():
    found = judged([check("one", DECIDED, failed="KeyError")])[DECIDED]

    assert found.status is Status.NOT_EXAMINED
    assert "KeyError" in found.reason


def test_a_clause_stands_where_its_worst_provision_stands():
    checks = [check("one", "5.9-1"), check("two", "5.9-2"), check("three", "5.9-3")]

    def stand(*findings, gaps=()):
        return judged(checks, findings, gaps, framework="cra")["I(2)(h)"]

    worst = stand(find("one"), find("three"))
    assert (worst.status, worst.findings, worst.through) == (
        Status.REFUTED, ("three:d",), ("5.9-3",)
    )  # fmt: skip
    assert worst.reason == "EN 303 645 5.9-3: three found something."
    assert stand(find("one")).status is Status.SIGNS_AGAINST
    assert stand(gaps=[miss("one"), miss("two")]).status is Status.MET_SO_FAR
    assert stand(gaps=[miss("one"), miss("two"), miss("three")]).status is Status.NOT_EXAMINED


def test_a_clause_that_traffic_never_reaches_is_not_examined():
    found = judged([check("one", *read_provisions())], [find("one")], framework="cra")["II(1)"]

    assert (found.status, found.clause.needs) == (Status.NOT_EXAMINED, ("firmware", "documents"))


def test_a_report_is_all_that_is_needed():
    checks = [check("one", DECIDED)]
    other = replace(DEVICE, id=DeviceId("e"))
    report = Report(
        captures=(), gateways=(), contacts=(), activity=(), slice_us=0, problems=(), version="0",
        checks=tuple(checks),
        assessments=(assess_device(DEVICE, [find("one")], []), assess_device(other, [], [])),
    )  # fmt: skip

    first, second = judge_requirements(report, "psti"), judge_requirements(report, "en303645")

    assert [each.device.id for each in first] == ["d", "e"]
    assert [each.count(Status.REFUTED) for each in second] == [1, 0]
    assert [each.count(Status.MET_SO_FAR) for each in second] == [0, 1]


FACTS = [
    check("a", "5.5-1", "5.1-3"), check("b", "5.5-1", "5.9-1"), check("c", "5.9-3", "5.2-3"),
    check("d", "5.9-1", "5.9-3", "5.6-2"),
]  # fmt: skip
FINDINGS = st.builds(
    find,
    st.sampled_from([one.id for one in FACTS]),
    st.sampled_from(Severity),
    st.sampled_from(Confidence),
)
GAPS = st.lists(st.sampled_from([miss(one.id) for one in FACTS]), unique_by=lambda gap: gap.check)


def worsen(finding, severity, confidence):
    """The same finding, no less severe and no less sure."""
    sure = list(Confidence)
    return replace(
        finding,
        severity=max(finding.severity, severity, key=lambda one: one.rank),
        confidence=max(finding.confidence, confidence, key=sure.index),
    )


def assert_no_better(before, after):
    for id_, one in before.items():
        assert TRUST.index(after[id_].status) <= TRUST.index(one.status), id_


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(list(FRAMEWORKS)), st.lists(FINDINGS, max_size=4), GAPS, FINDINGS)
def test_one_more_finding_never_improves_a_status(framework, findings, gaps, more):
    before = judged(FACTS, findings, gaps, framework)
    after = judged(FACTS, [*findings, more], gaps, framework)

    assert_no_better(before, after)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(list(FRAMEWORKS)),
    st.lists(FINDINGS, min_size=1, max_size=4),
    GAPS,
    st.sampled_from(Severity),
    st.sampled_from(Confidence),
)
def test_a_worse_finding_never_improves_a_status(framework, findings, gaps, severity, confidence):
    worse = [worsen(findings[0], severity, confidence), *findings[1:]]

    assert_no_better(
        judged(FACTS, findings, gaps, framework), judged(FACTS, worse, gaps, framework)
    )


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(list(FRAMEWORKS)), st.lists(FINDINGS, max_size=4), GAPS)
def test_order_makes_no_difference(framework, findings, gaps):
    turned = [replace(one, id=f"{one.id}:{number}") for number, one in enumerate(findings)]

    assert judged(FACTS, turned, gaps, framework) == judged(FACTS, turned[::-1], gaps, framework)
