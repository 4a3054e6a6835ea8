"""Z3 and the judge of packets say the same as the boxes, on random policies and invariants."""

import random
from ipaddress import ip_address, ip_network

import numpy as np
import pytest
import z3

from thingwarden.model import ANY, Initiator, Origin, PeerKind, Rule
from thingwarden.policy.entries import Way, list_entries, rule_entries
from thingwarden.policy.proof.headers import Frames, read_headers
from thingwarden.policy.proof.judge import Judge
from thingwarden.policy.safety.invariants import Demand, Invariant
from thingwarden.policy.safety.packets import frame_of, sample_of
from thingwarden.policy.safety.prove import ADDRESSING, prove

from tests.rule_sets import device, mac_of, name, patch, peer, rule, site

TCP, UDP = 6, 17
NAMES = ("a.example", "*.b.example", "x.b.example", "*.example")
PEERS = (
    *map(name, NAMES),
    peer(PeerKind.NETWORK, "10.9.0.0/16"),
    peer(PeerKind.NETWORK, "10.9.9.9/32"),
    peer(PeerKind.NETWORK, "2001:db8::/32"),
    peer(PeerKind.DEVICE, mac_of(9)),
    peer(PeerKind.DEVICE, mac_of(8)),
    peer(PeerKind.GATEWAY),
    peer(PeerKind.LOCAL),
    peer(PeerKind.ANYONE),
)
POLICIES = 150


def random_rule(dice, rule_id):
    first = dice.choice((80, 443, 8000))
    side = dice.choice(tuple(Initiator))
    protocol = dice.choice((TCP, TCP, UDP))
    last = first + dice.choice((0, 0, 10, 600))
    return rule(rule_id, dice.choice(PEERS), protocol, first, initiator=side, last=last)


def random_case(seed):
    """A policy of one device, and an invariant about it."""
    dice = random.Random(seed)
    rules = [random_rule(dice, f"r{number}") for number in range(dice.randrange(8))]
    patches = [
        patch(
            f"p{number}",
            dice.choice(PEERS),
            port=dice.choice((80, 443)),
            protocol=dice.choice((TCP, UDP)),
            still=tuple(dice.sample(PEERS, dice.randrange(2))),
        )
        for number in range(dice.choice((0, 0, 1, 2)))
    ]
    demand = dice.choice(tuple(Demand))
    wanted = dice.choice(rules) if rules and dice.random() < 0.6 else random_rule(dice, "w")
    invariant = Invariant(name="it", demand=demand, device="*", behaviour=wanted.behaviour)
    return site([device(1, rules, patches=tuple(patches))]), invariant


class Referee:
    """One packet of any kind, as bit vectors."""

    def __init__(self, version):
        self.version = version
        bits = 32 if version == 4 else 128
        self.address, self.mac = z3.BitVec("address", bits), z3.BitVec("mac", 48)
        self.own, self.peer = z3.BitVec("own", 16), z3.BitVec("peer", 16)
        self.begins = z3.Bool("begins")
        self.names = {one: z3.Bool(one) for one in NAMES}
        self.told = [
            z3.Implies(self.names[one], self.names[pattern])
            for one in NAMES
            for pattern in NAMES
            if pattern.startswith("*.") and one != pattern and one.endswith(pattern[1:])
        ]

    def among(self, ends):
        parts = []
        if ends.macs is not None:
            parts.append(z3.Or([self.mac == int(one.replace(":", ""), 16) for one in ends.macs]))
        if ends.networks is not None:
            nets = [ip_network(one) for one in ends.networks]
            parts.append(z3.Or([self.inside(net) for net in nets if net.version == self.version]))
        if ends.name is not None:
            parts.append(self.names[ends.name])
        return z3.And(parts)

    def inside(self, net):
        return z3.And(
            z3.UGE(self.address, int(net[0])),
            z3.ULE(self.address, int(net[-1])),
        )

    def fits(self, entry):
        if entry.version not in (None, self.version):
            return z3.Or()
        parts = [self.among(entry.ends)]
        for port, span in ((self.own, entry.own), (self.peer, entry.peer)):
            if span != ANY:
                parts += [z3.UGE(port, span.first), z3.ULE(port, span.last)]
        if entry.protocol == TCP and not entry.opens:
            parts.append(z3.Not(self.begins))
        parts += [z3.Not(self.among(ends)) for ends in entry.unless]
        return z3.And(parts)

    def passes(self, entries, way, protocol):
        """What the first entry that fits says."""
        verdict = z3.Or()
        for entry in reversed(entries):
            if (entry.way, entry.protocol) == (way, protocol):
                verdict = z3.If(self.fits(entry), z3.BoolVal(entry.allow), verdict)
        return verdict


def breaks(policy, invariant, *, lead_elsewhere=()):
    """Whether some packet breaks it."""
    (one,) = policy.devices
    entries = list_entries(one, policy.network)
    always = invariant.demand is Demand.ALWAYS
    begins = Way.FROM if invariant.behaviour.initiator is Initiator.DEVICE else Way.TO
    for behaviour in (invariant.behaviour, *(ADDRESSING if always else ())):
        wanted = Rule(id="i", behaviour=behaviour, origin=Origin.INVARIANT)
        for entry in rule_entries(wanted, policy.network):
            for version in (4, 6):
                referee = Referee(version)
                lines = [one for one in entries if not leads_there(one, entry, lead_elsewhere)]
                passing = referee.passes(lines, entry.way, entry.protocol)
                wrong = z3.Not(passing) if always else passing
                solver = z3.Solver()
                solver.add(*referee.told, referee.fits(entry), wrong)
                if not always:
                    solver.add(z3.Or(referee.begins, entry.protocol != TCP))
                    others = (one for one in lead_elsewhere if one != entry.ends.name)
                    solver.add(*(z3.Not(referee.names[each]) for each in others))
                if (always or entry.way is begins) and solver.check() == z3.sat:
                    return True
    return False


def leads_there(line, entry, lead_elsewhere):
    """Whether a line lets a name pass only by addresses that the name is said not to have."""
    unnamed = line.ends.name is None and (line.ends.networks, line.ends.macs) != (None, None)
    return line.allow and unnamed and entry.ends.name in lead_elsewhere


def verdict_of(policy, frame, names):
    """What the judge of packets says of a frame, with its address under these names."""
    data = np.frombuffer(frame + bytes(1), np.uint8)
    judge = Judge(policy)
    size = np.array([len(frame)], np.int64)
    frames = Frames(data=data, starts=np.zeros(1, np.int64), captured=size, wire=size)
    headers = read_headers(frames)
    for each, address in names:
        judge.names.tell(each, [address], 1)
    judge._renew()
    verdicts = judge.judge(headers, np.array([2], np.int64))
    return judge.outcomes[int(verdicts.outcome[0])]


@pytest.mark.parametrize("start", range(0, POLICIES, 50))
def test_z3_agrees(start):
    wrong = []
    for seed in range(start, start + 50):
        policy, invariant = random_case(seed)
        (proved,) = prove(policy, (invariant,))
        if proved.kept == breaks(policy, invariant, lead_elsewhere=proved.provided):
            wrong.append(seed)

    assert wrong == []


def told_names(breach, sample):
    """What the resolver must have said for the packet to be what it is about."""
    address = ip_address(sample.peer)
    ends = (breach.entry.ends, breach.by)
    return [(one.name, (address.version, int(address))) for one in ends if one and one.name]


def test_packets_that_break_an_invariant_are_judged_as_it_says():
    wrong, tried = [], 0
    for seed in range(POLICIES):
        policy, invariant = random_case(seed)
        (proved,) = prove(policy, (invariant,))
        for breach in proved.breaches:
            sample = sample_of(breach, policy)
            tried += 1
            outcome = verdict_of(policy, frame_of(sample), told_names(breach, sample))
            if outcome.passes != breach.passes:
                wrong.append(seed)

    assert wrong == []
    assert tried > POLICIES
