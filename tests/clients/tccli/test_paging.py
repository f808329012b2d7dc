"""250 instances, a page at a time."""

from commands import Tccli
from many import COUNT, many

LIMIT = 100


def test_every_instance_once(serve, tmp_path):
    path, ids = many(tmp_path)
    tccli = Tccli(serve("--fixture", path).url, tmp_path)
    seen = []
    for offset in range(0, COUNT + LIMIT, LIMIT):
        page = tccli.call("DescribeInstances", "--Limit", LIMIT, "--Offset", offset)
        assert page["TotalCount"] == COUNT
        assert len(page["InstanceSet"]) == min(LIMIT, COUNT - len(seen))
        seen += [instance["InstanceId"] for instance in page["InstanceSet"]]
    assert len(seen) == COUNT
    assert sorted(seen) == ids
