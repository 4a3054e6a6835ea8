"""Reports to render: a home, an empty one, a hostile one, one of a thousand devices."""

import hashlib
from dataclasses import replace
from functools import cache

from thingwarden.model import (
    Accessory,
    Activity,
    Assessment,
    Candidate,
    CaptureFacts,
    CheckFacts,
    Clue,
    Concern,
    Confidence,
    Contact,
    Device,
    DeviceId,
    Evidence,
    Finding,
    Grade,
    Guess,
    Identity,
    Link,
    NotJudged,
    Problem,
    Report,
    Severity,
    Sight,
    Source,
    Verdict,
)

START_US = 1_790_000_000_000_000
HOUR_US = 3_600_000_000
SLICE_US = 300_000_000
HOSTILE = "</title></svg><script>alert(1)</script>[bold red]\x1b[31m\u202e&quot;\"'{{7*7}}"

TELNET = ("telnet-served", Concern.EXPOSURE)
LOGIN = ("plaintext-login", Concern.PROTECTED_COMMUNICATION)
STORM = ("retry-storm", Concern.RELIABLE_COMMUNICATION)
CENTRED = ("concentrated-destinations", Concern.PROVIDER)
UPDATE = ("update-without-tls", Concern.VENDOR)

CHECKS = tuple(
    CheckFacts(
        id=name,
        title=name.replace("-", " ").capitalize(),
        concern=concern,
        sources=(Source(title="RFC 854, Telnet", url="https://www.rfc-editor.org/rfc/rfc854"),),
        limits=("What happened outside the capture is not seen.",),
    )
    for name, concern in (TELNET, LOGIN, STORM, CENTRED, UPDATE)
)

CAPTURE = CaptureFacts(
    number=0,
    sha256=hashlib.sha256(b"home").hexdigest(),
    file="home.pcap",
    packets=184_220,
    bytes=91_448_100,
    first_us=START_US,
    last_us=START_US + 6 * HOUR_US,
)


def make_device(number, name, *, vendor=None, category=None, amount=1_000_000):
    return Device(
        id=DeviceId(f"d-00178800{number:04x}"),
        macs=(f"00:17:88:00:{number >> 8:02x}:{number & 255:02x}",),
        addresses=(f"192.168.{number >> 8}.{number & 255}", f"fe80::217:88ff:fe00:{number:x}"),
        names=(name,) if name else (),
        identity=Identity(
            vendor=Guess(value=vendor, confidence=0.99, because=("OUI 00:17:88",))
            if vendor
            else None,
            category=Guess(value=category, confidence=0.8, because=("asks for ntp",))
            if category
            else None,
        ),
        first_us=START_US,
        last_us=START_US + 5 * HOUR_US,
        packets=amount // 500,
        bytes=amount,
    )


def guess(value, confidence, *because):
    return Guess(value=value, confidence=confidence, because=because)


def clue(says, points_to, frame, *, channel="host-name", weight=4.0):
    return Clue(
        channel=channel,
        says=says,
        points_to=points_to,
        weight=weight,
        capture=0,
        frame=frame,
        time_us=START_US + frame * 1_000_000 if frame else 0,
    )


def accessory(name, kind, frame):
    return Accessory(
        name=name,
        kind=kind,
        says="told by the hub over mDNS",
        capture=0,
        frame=frame,
        time_us=START_US + frame * 1_000_000,
    )


CALIBRATION = "measured on 31 kinds of things in 2 networks"

CAMERA = Identity(
    vendor=guess("Hikvision Digital Technology Co.,Ltd.", 0.999, "its web page says so"),
    category=guess("camera", 0.9951, "serves RTSP"),
    model=guess("DS-2CD2042WD", 0.968, "announces this model"),
    clues=(
        clue("announces the model DS-2CD2042WD by UPnP", "DS-2CD2042WD", 41, channel="upnp-model"),
        clue("asks for litedev.hik-connect.com", "Hikvision", 77, channel="domain"),
        clue("hardware address of Hangzhou Hikvision", "Hikvision", 0, channel="prefix"),
        clue("asks DHCP for options 1,3,6,12,15,28,42", "camera", 3, channel="dhcp-options"),
    ),
    conflicts=("claims to be a Hikvision camera by its name, but talks like a Tuya plug",),
    chip="Hangzhou Hikvision Digital Technology Co.,Ltd.",
    calibration=CALIBRATION,
)
"""Known down to its model, with a contradiction."""

PLUG = Identity(
    vendor=guess("TP-Link", 0.993, "asks for its cloud"),
    category=guess("plug", 0.981, "calls itself hs1<number>"),
    family=guess("Kasa", 0.958, "speaks its protocol"),
    clues=(
        clue("asks for devs.tplinkcloud.com", "TP-Link", 18, channel="domain"),
        clue("calls itself HS1 when it asks for an address", "Kasa", 5),
    ),
    candidates=(
        Candidate(value="HS110", confidence=0.54),
        Candidate(value="HS100", confidence=0.43),
        Candidate(value="HS105", confidence=0.02),
    ),
    settle=("a capture of its start tells its name", "its page on port 80 names the model"),
    chip="TP-LINK TECHNOLOGIES CO.,LTD.",
    calibration=CALIBRATION,
)
"""Known down to its family, with two models that it may be."""

HUB = Identity(
    vendor=guess("Signify Netherlands B.V.", 0.9997, "names itself"),
    category=guess("hub", 0.99, "announces _hue._tcp"),
    family=guess("Philips Hue", 0.998, "announces _hue._tcp"),
    model=guess("BSB002", 0.976, "mDNS modelid=BSB002"),
    clues=(
        clue("its mDNS text says modelid=BSB002", "BSB002", 12, channel="mdns-text"),
        clue("announces the service _hue._tcp", "Philips Hue", 12, channel="mdns-service"),
        clue("asks for ws.meethue.com", "Philips Hue", 60, channel="domain"),
    ),
    chip="Philips Lighting BV",
    calibration=CALIBRATION,
)
"""A hub with things behind it."""

NAMELESS = Identity(
    settle=("a capture of its start tells its name and what it asks for",),
    chip="Espressif Inc.",
    calibration=CALIBRATION,
)
"""Nothing is certain but who made its network chip."""


def make_finding(device, rule, severity, statement, remedy, *, places=3):
    check, concern = rule
    return Finding(
        id=f"{check}-{device.id}",
        check=check,
        device_id=device.id,
        concern=concern,
        severity=severity,
        confidence=Confidence.CERTAIN,
        statement=statement,
        remedy=remedy,
        evidence=tuple(
            Evidence(
                device_id=device.id,
                capture=0,
                frame=1200 + 37 * step,
                time_us=START_US + step * 61_000_000,
                says="telnet login at its own 192.168.1.20 port 23",
            )
            for step in range(places)
        ),
        evidence_total=max(places, 12),
    )


def assess(device, verdict, reason, findings=()):
    """An assessment with a bad grade where there is a finding, and one check not judged."""
    bad = {finding.concern: "D" for finding in findings}
    seen = {
        Concern.PROTECTED_COMMUNICATION: ("A", 0.6),
        Concern.PROVIDER: ("B", 0.5),
        Concern.EXPOSURE: ("A", 0.5),
        Concern.RELIABLE_COMMUNICATION: ("A", 0.5),
        Concern.CONDUCT: ("A", 0.5),
        Concern.PORTABILITY: ("B", 0.33),
        Concern.VENDOR: (None, 0.2),
    }
    grades = []
    for concern in Concern:
        letter, coverage = seen.get(concern, (None, 0.0))
        if verdict is Verdict.NOT_ENOUGH_SEEN:
            letter, coverage = None, coverage / 4
        if concern in bad:
            letter, coverage = bad[concern], max(coverage, 0.2)
        grades.append(Grade(concern=concern, grade=letter, coverage=coverage))
    return Assessment(
        device=device,
        verdict=verdict,
        reason=reason,
        grades=tuple(grades),
        findings=tuple(findings),
        not_judged=(
            NotJudged(
                check=UPDATE[0],
                device_id=device.id,
                concern=UPDATE[1],
                needs="A capture that contains an update of the device.",
            ),
        ),
    )


def contact(device, peer, *, place="internet", sent=1000, received=1000, **more):
    facts = {"country": None, "provider": None, "app": "tls", "encrypted": True} | more
    return Contact(
        device_id=device.id,
        peer=peer,
        peer_device=more.get("peer_device"),
        place=place,
        country=facts["country"],
        provider=facts["provider"],
        app=facts["app"],
        encrypted=facts["encrypted"],
        flows=7,
        sent_bytes=sent,
        received_bytes=received,
    )


def active(device, amounts):
    """One row a slice in which something was sent."""
    return tuple(
        Activity(device_id=device.id, start_us=START_US + place * SLICE_US, bytes=amount)
        for place, amount in enumerate(amounts)
        if amount
    )


def home_report():
    """Eight devices of a home, from bad to good, in six hours."""
    camera = replace(make_device(20, "camera-hall", amount=48_200_000), identity=CAMERA)
    plug = replace(make_device(21, "plug-3", amount=910_000), identity=PLUG)
    tv = make_device(22, "LivingRoomTV", vendor="Samsung", category="television", amount=31_000_000)
    printer = make_device(23, "HP-LaserJet", vendor="HP", category="printer", amount=420_000)
    bulb = make_device(24, None, vendor="Philips Hue", amount=120_000)
    bulb = replace(
        bulb,
        identity=HUB,
        accessories=(
            accessory("Hue lamp, hall", "bulb", 90),
            accessory("Motion sensor", "motion-sensor", 91),
            accessory("Wall switch", "", 92),
            accessory("Desk", "bulb", 93),
        ),
    )
    speaker = make_device(
        25, "kitchen speaker", vendor="Sonos", category="speaker", amount=7_300_000
    )
    phone = replace(
        make_device(26, None, amount=3_100_000),
        macs=("02:17:88:00:00:1a", "06:41:13:9c:00:71"),
        random_mac=True,
        links=(
            Link(
                other="06:41:13:9c:00:71",
                confidence=0.997,
                because=("asks for an address with the same client id", "calls itself the same"),
                joined=True,
                sights=(
                    Sight(capture=0, frame=40, time_us=START_US),
                    Sight(capture=0, frame=95, time_us=START_US + 95_000_000),
                ),
            ),
            Link(
                other="d-001788000019",
                confidence=0.72,
                because=("looks for the same speakers",),
                joined=False,
            ),
        ),
    )
    thermostat = replace(make_device(27, "thermostat", amount=640_000), identity=NAMELESS)
    router = make_device(1, "fritz.box", vendor="AVM", amount=90_000_000)

    split = "Change its password, switch Telnet off in its settings, or replace the device."
    telnet = make_finding(
        camera,
        TELNET,
        Severity.HIGH,
        "Somebody logged in to it over Telnet; everybody on the network could read the password.",
        split,
        places=4,
    )
    login = make_finding(
        camera,
        LOGIN,
        Severity.HIGH,
        "It asks for its password over unencrypted HTTP.",
        "Open its page only over https, or not at all.",
        places=12,
    )
    storm = make_finding(
        plug,
        STORM,
        Severity.MEDIUM,
        "It called a service that did not answer 4,120 times in three hours.",
        "Check whether its maker still runs the service; if not, replace the plug.",
    )
    update = make_finding(
        tv,
        UPDATE,
        Severity.MEDIUM,
        "It fetched new firmware without encryption from upd.example.net.",
        "Ask the maker whether updates are signed; until then keep it on a guest network.",
    )
    centred = make_finding(
        tv,
        CENTRED,
        Severity.LOW,
        "92 % of what it sends goes to one provider in one country.",
        "Know that it stops working if this provider does.",
        places=1,
    )
    assessments = (
        assess(
            camera,
            Verdict.DO_NOT_DEPEND,
            "Its password can be read by anybody on the network.",
            (telnet, login),
        ),
        assess(
            plug, Verdict.DEPEND_WRAPPED, "It hammers a service that does not answer.", (storm,)
        ),
        assess(
            tv,
            Verdict.DEPEND_WRAPPED,
            "Its updates can be changed on their way.",
            (update, centred),
        ),
        assess(phone, Verdict.NOT_ENOUGH_SEEN, "Only 3 of 12 checks had anything to examine."),
        assess(bulb, Verdict.NOT_ENOUGH_SEEN, "It was seen for less than ten minutes."),
        assess(speaker, Verdict.DEPEND, "Nothing bad was found by 9 of 12 checks."),
        assess(printer, Verdict.DEPEND, "Nothing bad was found by 8 of 12 checks."),
        assess(thermostat, Verdict.DEPEND, "Nothing bad was found by 9 of 12 checks."),
    )
    plain = {"encrypted": False}
    contacts = (
        contact(
            camera,
            "ezviz-relay.example.cn",
            sent=41_000_000,
            received=900_000,
            country="CN",
            provider="Alibaba",
        ),
        contact(
            tv,
            "cdn.samsung.example",
            sent=600_000,
            received=24_000_000,
            country="US",
            provider="Akamai",
        ),
        contact(
            speaker,
            "stream.radio.example",
            sent=90_000,
            received=6_900_000,
            country="DE",
            provider="Deutsche Telekom",
        ),
        contact(
            camera,
            "192.168.1.26",
            place="device",
            peer_device=phone.id,
            sent=5_200_000,
            received=40_000,
            app="http",
            **plain,
        ),
        contact(
            tv,
            "upd.example.net",
            sent=20_000,
            received=5_200_000,
            country="KR",
            provider="LG DACOM",
            app="http",
            **plain,
        ),
        contact(
            phone,
            "push.apple.example",
            sent=800_000,
            received=2_100_000,
            country="US",
            provider="Apple",
        ),
        contact(
            thermostat,
            "my.tado.example",
            sent=300_000,
            received=280_000,
            country="IE",
            provider="Amazon",
        ),
        contact(
            plug,
            "a1.tuyaeu.example",
            sent=500_000,
            received=8_000,
            country="SG",
            provider="Tencent",
            app="mqtt",
            **plain,
        ),
        contact(
            printer,
            "hp-ink.example",
            sent=210_000,
            received=120_000,
            country="US",
            provider="Amazon",
        ),
        contact(
            bulb,
            "203.0.113.9",
            sent=40_000,
            received=50_000,
            country="NL",
            provider="Signify",
            app="udp/5683",
            encrypted=None,
        ),
        contact(tv, "255.255.255.255", place="group", sent=90_000, received=0, app="ssdp", **plain),
        contact(
            speaker, "224.0.0.251", place="group", sent=80_000, received=0, app="mdns", **plain
        ),
        contact(
            plug, "192.168.1.1", place="gateway", sent=30_000, received=60_000, app="dns", **plain
        ),
        contact(
            thermostat,
            "192.168.1.1",
            place="gateway",
            sent=9_000,
            received=20_000,
            app="dns",
            **plain,
        ),
        contact(
            bulb,
            "ntp.example.org",
            sent=3_000,
            received=3_000,
            country="GB",
            app="ntp",
            provider=None,
            **plain,
        ),
    )
    activity = (
        *active(camera, [600_000 + 90_000 * (step % 5) for step in range(72)]),
        *active(plug, [0] * 24 + [12_000] * 36 + [400] * 12),
        *active(tv, [0] * 30 + [2_000_000, 3_000_000, 2_500_000] + [90_000] * 20),
        *active(printer, [0, 0, 40_000, 0, 0, 0, 90_000] * 8),
        *active(bulb, [9_000, 0, 0, 0] * 3),
        *active(speaker, [0] * 10 + [300_000] * 22 + [1_000] * 20),
        *active(phone, [5_000, 80_000, 2_000, 0] * 18),
        *active(thermostat, [8_900] * 72),
    )
    return Report(
        captures=(CAPTURE,),
        assessments=assessments,
        gateways=(router,),
        contacts=contacts,
        activity=activity,
        slice_us=SLICE_US,
        checks=CHECKS,
        problems=(
            Problem(
                capture=0, frame=7712, part="tls", problem="record longer than allowed", count=3
            ),
            Problem(
                capture=0,
                frame=None,
                part="capture",
                problem="the file ends inside a packet",
                count=1,
            ),
        ),
        version="0.1.0",
    )


def empty_report():
    """A capture in which nothing was."""
    return Report(
        captures=(replace(CAPTURE, packets=0, bytes=0, first_us=None, last_us=None),),
        assessments=(),
        gateways=(),
        contacts=(),
        activity=(),
        slice_us=0,
        checks=CHECKS,
        problems=(),
        version="0.1.0",
    )


def hostile_identity():
    """Attacks in every text, too long and too many."""
    claim = guess(HOSTILE, 0.98, HOSTILE)
    return Identity(
        vendor=claim,
        category=claim,
        family=claim,
        clues=(clue(HOSTILE, HOSTILE, 1), *[clue("x" * 10**6, HOSTILE, 2)] * 500),
        conflicts=(HOSTILE * 1000,) * 500,
        candidates=(Candidate(value=HOSTILE, confidence=0.5),) * 500,
        settle=(HOSTILE,) * 500,
        chip=HOSTILE,
        calibration=HOSTILE * 1000,
    )


def hostile_report():
    """Every text that a network can choose is an attack on a renderer."""
    device = replace(
        make_device(20, HOSTILE),
        macs=(HOSTILE,),
        identity=hostile_identity(),
        links=(
            Link(other=HOSTILE, confidence=0.9, because=(HOSTILE,) * 500, joined=True),
            *[Link(other=HOSTILE, confidence=0.6, because=(HOSTILE,), joined=False)] * 500,
        ),
        accessories=(accessory(HOSTILE, HOSTILE, 1), *[accessory("x" * 10**6, "", 2)] * 500),
    )
    finding = make_finding(device, LOGIN, Severity.HIGH, HOSTILE, HOSTILE)
    finding = replace(
        finding, evidence=tuple(replace(place, says=HOSTILE) for place in finding.evidence)
    )
    return Report(
        captures=(replace(CAPTURE, file=HOSTILE + "\udc80"),),
        assessments=(assess(device, Verdict.DO_NOT_DEPEND, HOSTILE, (finding,)),),
        gateways=(replace(make_device(1, HOSTILE), addresses=(HOSTILE,)),),
        contacts=(
            contact(device, HOSTILE, country=HOSTILE, provider=HOSTILE, app=HOSTILE),
            contact(device, HOSTILE, country="DE", sent=-5, received=2**62),
        ),
        activity=(
            Activity(device_id=device.id, start_us=-(2**62), bytes=5),
            Activity(device_id=device.id, start_us=2**62, bytes=2**62),
        ),
        slice_us=1,
        checks=(
            replace(
                CHECKS[0],
                title=HOSTILE,
                sources=(Source(title=HOSTILE, url="javascript:alert(1)"),),
            ),
        ),
        problems=(Problem(capture=0, frame=1, part=HOSTILE, problem=HOSTILE, count=1),),
        version="0.1.0",
    )


@cache
def big_report(devices=1000):
    """A thousand devices, a third of them bad, with twenty contacts each."""
    assessments, contacts, activity = [], [], []
    kinds = (Verdict.DO_NOT_DEPEND, Verdict.DEPEND_WRAPPED, Verdict.DEPEND)
    for number in range(devices):
        device = make_device(number + 10, f"sensor-{number:04}", vendor="Maker", category="sensor")
        verdict = kinds[number * 3 // devices]
        findings = (
            ()
            if verdict is Verdict.DEPEND
            else (
                make_finding(
                    device,
                    LOGIN,
                    Severity.HIGH,
                    "It sends a password that all can read.",
                    "Change its password, and replace it.",
                    places=50,
                ),
            )
        )
        assessments.append(assess(device, verdict, "What was seen of it says so.", findings))
        contacts += [
            contact(
                device,
                f"host-{peer}-{number % 50}.example.com",
                country="US",
                sent=1000 * (20 - peer),
                provider=f"Provider {peer}",
            )
            for peer in range(20)
        ]
        activity += active(device, [1000] * 48)
    return replace(
        home_report(),
        assessments=tuple(assessments),
        contacts=tuple(contacts),
        activity=tuple(activity),
    )
