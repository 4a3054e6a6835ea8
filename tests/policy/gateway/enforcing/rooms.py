"""A gateway with nothing on it but rules, and a policy for it."""

import json

from thingwarden.policy.folder import write_policy_folder
from thingwarden.policy.gateway.names import set_name

from tests.rule_sets import device, name, rule, site

WEB, TIME = rule("web", name("a.example")), rule("time", name("b.example"), port=123)
SET = set_name("a.example", 4)


def policy(*rules, others=1):
    """One device with these rules, and some others."""
    more = (device(number, [WEB, TIME]) for number in range(2, 2 + others))
    return site([device(1, rules), *more])


class Gateway:
    """The command in a room, with its state folder."""

    def __init__(self, room, folder):
        self.room, self.folder, self.state = room, folder, folder / "state"

    def write(self, some):
        write_policy_folder(some, self.folder / "policy")

    def do(self, *words):
        return self.room.enforce(self.state, *words)

    def must(self, *words):
        done = self.do(*words)
        assert done.returncode in (0, 1), done.stderr
        return done.stdout

    def load(self, some, *words):
        self.write(some)
        return self.must("--policy", self.folder / "policy", *words)

    def status(self):
        return json.loads(self.do("status", "--json").stdout)

    def learn(self, address):
        for family in ("bridge", "inet"):
            self.room.nft(f"add element {family} thingwarden {SET} {{ {address} }}")

    def learnt(self, called=SET):
        return self.room.run("nft", "list", "set", "bridge", "thingwarden", called).stdout
