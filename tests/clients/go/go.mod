module crs-local/tests/clients/go

go 1.21

// The redis module is tagged when it changes only. This one has every action of the suite but
// UpgradeInstanceProductVersion, which the tests send by name.
require (
	github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common v1.3.210
	github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/monitor v1.3.166
	github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/redis v1.3.79
)
