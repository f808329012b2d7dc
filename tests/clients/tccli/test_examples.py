"""The official examples, replayed: what the documents print must be accepted, and the answer must have
at least what they print.

`holds.json` says, in a fixture's words, what the account holds before the examples of each action.
`exceptions.json` lists where an example cannot be followed to the letter, each with its reason; one
that is no longer needed fails, too."""

import json
import pathlib
import urllib.parse

import pytest

from examples import Example, differences, published
from server import Server

HERE = pathlib.Path(__file__).parent
HOLDS = json.loads((HERE / "holds.json").read_text())
EXCEPTIONS = json.loads((HERE / "exceptions.json").read_text())
PUBLISHED = published()
EXAMPLES = [
    Example(action, number, example) for action in HOLDS for number, example in enumerate(PUBLISHED[action])
]
COMMON = {"Version": "2018-04-12", "Region": "ap-guangzhou"}


@pytest.fixture(scope="module")
def bench():
    """One server for all; its state is put in place before each call."""
    with Server("--rate-limit", "off") as server:
        yield server


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example(bench, example):
    exceptions = EXCEPTIONS.get(example.name, {})
    slips = exceptions.get("Request", {})
    members = {**example.members, **{name: slip["Instead"] for name, slip in slips.items()}}
    for name, slip in slips.items():
        published_one = send(bench, example, as_published(name, example, members))
        assert "Error" in published_one, f"no longer needed: {name}, {slip}"

    ours = send(bench, example, members)
    assert "Error" not in ours, ours["Error"]
    assert ours["RequestId"]
    found, listed = differences(example.answer, ours), exceptions.get("Answer", {})
    assert set(found) == set(listed), f"found {found}, listed {listed}"


def as_published(name, example, members):
    """The members with that one as the example has it, or without it where the example has none."""
    others = {other: value for other, value in members.items() if other != name}
    return {**others, name: example.members[name]} if name in example.members else others


def send(server, example, members):
    """As the example's form has it: a query, or a JSON body. Answers the `Response`."""
    server.control("PUT", "/state", {"Accounts": [HOLDS[example.action]]})
    common = {"Action": example.action, **COMMON}
    if example.method == "GET":
        _, _, answer = server.send("GET", "/?" + urllib.parse.urlencode({**common, **members}))
        return json.loads(answer)["Response"]
    return server.api(example.action, **members)


def test_every_action_of_the_two_files_has_an_example():
    replayed = {example.name for example in EXAMPLES}
    assert {example.action for example in EXAMPLES} == set(HOLDS)
    assert set(EXCEPTIONS) <= replayed


def test_what_differs_is_seen():
    """The comparison itself: it finds what is missing, of another type, or wrong in any item of a list."""
    example = {"Set": [{"Id": "a", "Size": 1, "On": False, "Tags": [], "Nodes": [{"Zone": 1}]}, {}], "Total": 1}
    good = {"Id": "b", "Size": 2.5, "On": True, "Tags": ["x"], "Nodes": [{"Zone": 2}], "More": None}
    assert differences(example, {"Set": [good, good], "Total": 2, "More": 1}) == {}
    assert set(differences(example, {"Set": [good]})) == {"Total"}
    assert set(differences(example, {"Set": [], "Total": 0})) == {"Set"}
    assert set(differences(example, {"Set": {}, "Total": "1"})) == {"Set", "Total"}
    bad = {"Id": 1, "Size": "2", "On": 0, "Nodes": [{"Zone": None}]}
    spoilt = {"Set[].Id", "Set[].Size", "Set[].On", "Set[].Tags", "Set[].Nodes[].Zone"}
    assert set(differences(example, {"Set": [good, bad], "Total": 2})) == spoilt
