"""The code that the console's page writes, and what came of it."""

import json
import pathlib
import subprocess

CODES = pathlib.Path(__file__).resolve().with_name("codes")


def codes(language, server):
    """Some calls in that language, in the order in which they are to be run."""
    done = subprocess.run([CODES, language, server.url], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def assert_sent(server, written):
    """Each was called once, with all that the form held, and was no error."""
    for call in written:
        expected = {"Action": call["Name"], "Params": masked(call["Params"]), "Exact": True, "Exactly": 1}
        assert server.control("POST", "/requests/verify", expected)["Verified"], call["Code"]
    assert server.control("GET", "/requests?Code=&count=1")["Count"] == len(written)


def masked(params):
    """The journal shows no password."""
    return {name: "***" if "Password" in name and isinstance(value, str) else value for name, value in params.items()}
