"""250 instances, a page at a time."""

import pytest

from clients import UNUSUAL, USUAL, Caller
from many import COUNT, many


@pytest.mark.parametrize("form", [USUAL, UNUSUAL], ids=str)
@pytest.mark.parametrize("limit", [None, 7, 100, 1000])
def test_every_instance_once(serve, tmp_path, form, limit):
    path, ids = many(tmp_path)
    server = serve("--fixture", path, "--rate-limit", "off")
    with Caller(server, form) as caller:
        seen = []
        while True:
            members = {} if limit is None else {"Limit": limit}
            page = caller.call("DescribeInstances", Offset=len(seen), **members)
            assert page.TotalCount == COUNT
            if not page.InstanceSet:
                break
            assert len(page.InstanceSet) == min(limit or 20, COUNT - len(seen))
            seen += [instance.InstanceId for instance in page.InstanceSet]
    assert len(seen) == COUNT
    assert sorted(seen) == ids
