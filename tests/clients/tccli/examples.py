"""The official examples, as the installed TCCLI carries them: requests to send, answers to compare."""

import importlib.util
import json
import pathlib
import re
import urllib.parse

EXAMPLES = pathlib.Path("services", "redis", "v20180412", "examples.json")
# What is hidden of an id: crs-5qlr****. A password's stars stand for nothing else.
HIDDEN = re.compile(r"^([a-z]+-[a-z0-9]*)(\*+)$")

# How an example calls what is no action.
MISSPELT = {"ModifiyInstancePassword": "ModifyInstancePassword"}


def published():
    """All examples by action."""
    package = pathlib.Path(importlib.util.find_spec("tccli").origin).parent
    return json.loads((package / EXAMPLES).read_text())["actions"]


class Example:
    """One example: `method`, the members of its request, and its answer's `Response`."""

    def __init__(self, action, number, published_one):
        self.action, self.name = action, f"{action}-{number + 1}"
        text = published_one["input"]
        if text.startswith("https://"):
            self.method, self.members = "GET", members_of_url(text)
        else:
            self.method, self.members = "POST", members_of_body(text)
        named = self.members.pop("Action", None) or re.search(r"^X-TC-Action: (\w+)$", text, re.MULTILINE)[1]
        named = MISSPELT.get(named, named)
        assert named == action, f"an example of {action} asks for {named}"
        self.answer = json.loads(published_one["output"])["Response"]


def members_of_url(text):
    """`https://…/?Action=X`, then a line for each member, and one that stands for the common ones."""
    lines = [line.strip() for line in text.strip().splitlines()]
    query = lines[0].partition("?")[2] + "".join(line for line in lines[1:] if "<" not in line)
    pairs = urllib.parse.parse_qsl(query, keep_blank_values=True, strict_parsing=True)
    return {name: uncovered(value) for name, value in pairs}


def members_of_body(text):
    """The head of a POST, an empty line, a JSON object."""
    head, _, body = text.replace("\r\n", "\n").partition("\n\n")
    assert head.startswith("POST / "), head
    return uncovered(json.loads(body))


def uncovered(value):
    """With zeros for what is hidden of an id."""
    if isinstance(value, dict):
        return {name: uncovered(member) for name, member in value.items()}
    if isinstance(value, list):
        return [uncovered(member) for member in value]
    if isinstance(value, str) and (hidden := HIDDEN.match(value)):
        return hidden[1] + "0" * len(hidden[2])
    return value


def differences(example, ours, path=""):
    """Where ours lacks what the example has, or has another JSON type there: {path: what}. Of a list
    of objects the example's first item stands for each of ours, of which there must be some."""
    wanted, got = json_type(example), json_type(ours)
    if wanted != got:
        return {path: f"{wanted} in the example, {got} in ours"}
    if wanted == "object":
        return objects_differ(example, ours, path)
    if wanted == "list" and example:
        if not ours:
            return {path: "items in the example, none in ours"}
        found = {}
        for item in ours:
            found |= differences(example[0], item, path + "[]")
        return found
    return {}


def objects_differ(example, ours, path):
    found = {}
    for name, member in example.items():
        place = f"{path}.{name}" if path else name
        found |= differences(member, ours[name], place) if name in ours else {place: "missing in ours"}
    return found


def json_type(value):
    if value is None:
        return "null"
    for kind, name in ((bool, "boolean"), (str, "string"), (dict, "object"), (list, "list")):
        if isinstance(value, kind):
            return name
    return "number"
