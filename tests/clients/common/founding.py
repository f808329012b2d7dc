"""The seven errors that UpgradeInstance was founded on: code, and the size in MB that provokes it on
`crs-5qlrlhux` of the seed fixtures/errors/CODE.json."""

from server import ROOT

FOUNDING = {
    "InvalidParameterValue.MemSizeNotInRange": 1048576,
    "InvalidParameterValue.ReduceCapacityNotAllowed": 2048,
    "LimitExceeded.InvalidMemSize": 4000,
    "ResourceNotFound.InstanceNotExists": 4096,
    "ResourceUnavailable.AccountBalanceNotEnough": 4096,
    "ResourceUnavailable.InstanceStatusAbnormal": 4096,
    "UnauthorizedOperation.NoCAMAuthed": 4096,
}


def seed(code):
    return ROOT / "fixtures" / "errors" / f"{code}.json"
