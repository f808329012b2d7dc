"""A fixture with more instances than a page holds."""

import json

COUNT = 250


def many(folder):
    """Writes the fixture into that folder; answers its path and the ids in it."""
    ids = [f"crs-page{number:04}" for number in range(COUNT)]
    instances = [{"InstanceId": instance_id, "TypeId": 2, "MemSize": 1024} for instance_id in ids]
    path = folder / "many.json"
    path.write_text(json.dumps({"Accounts": [{"Instances": instances}]}))
    return path, ids
