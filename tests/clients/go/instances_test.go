package clients

// What an instance is called, and how it ends: ModifyInstance, Destroy…, CleanUpInstance,
// StartupInstance, and the lists.

import (
	"testing"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	redis "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/redis/v20180412"
)

const (
	isolated, toBeDeleted = -2, -3
	never                 = "0000-00-00 00:00:00"

	postpaidID, prepaidID = "crs-postpaid", "crs-prepaid0"
	postpaid              = `{"InstanceId": "crs-postpaid", "TypeId": 2, "MemSize": 1024, "BillingMode": 0}`
	prepaid               = `{"InstanceId": "crs-prepaid0", "TypeId": 2, "MemSize": 1024, "BillingMode": 1,
		"DeadlineTime": "2036-01-15 10:00:00"}`
)

func TestModifyInstance(t *testing.T) {
	client := connect(t, serveInstances(t, prepaid, postpaid))
	modify := func(operation string, change func(*redis.ModifyInstanceRequest)) *redis.InstanceSet {
		t.Helper()
		request := redis.NewModifyInstanceRequest()
		request.Operation = common.StringPtr(operation)
		request.InstanceIds = common.StringPtrs([]string{prepaidID})
		change(request)
		answer, err := client.ModifyInstance(request)
		must(t, err)
		hasRequestID(t, answer.Response.RequestId)
		return instance(t, client, prepaidID)
	}
	renamed := modify("rename", func(r *redis.ModifyInstanceRequest) { r.InstanceNames = common.StringPtrs([]string{name}) })
	equal(t, "InstanceName", *renamed.InstanceName, name)
	moved := modify("modifyProject", func(r *redis.ModifyInstanceRequest) { r.ProjectId = common.Int64Ptr(7) })
	equal(t, "ProjectId", *moved.ProjectId, 7)
	renewed := modify("modifyAutoRenew", func(r *redis.ModifyInstanceRequest) { r.AutoRenews = common.Int64Ptrs([]int64{1}) })
	equal(t, "AutoRenewFlag", *renewed.AutoRenewFlag, 1)
	guarded := modify("modifyDeleteProtectionSwitch", func(r *redis.ModifyInstanceRequest) {
		r.DeleteProtectionSwitches = common.Int64Ptrs([]int64{1})
	})
	equal(t, "DeleteProtectionSwitch", *guarded.DeleteProtectionSwitch, 1)

	destroy := redis.NewDestroyPrepaidInstanceRequest()
	destroy.InstanceId = common.StringPtr(prepaidID)
	_, err := client.DestroyPrepaidInstance(destroy)
	refused(t, err)
	equal(t, "Status", *instance(t, client, prepaidID).Status, running)
}

func TestAPostpaidInstanceIsDestroyedAndCleanedUp(t *testing.T) {
	client := connect(t, serveInstances(t, postpaid))
	destroy := redis.NewDestroyPostpaidInstanceRequest()
	destroy.InstanceId = common.StringPtr(postpaidID)
	destroyed, err := client.DestroyPostpaidInstance(destroy)
	must(t, err)
	passesInto(t, client, postpaidID, toBeDeleted)
	succeeds(t, client, destroyed.Response.TaskId, postpaidID)

	cleanUp := redis.NewCleanUpInstanceRequest()
	cleanUp.InstanceId = common.StringPtr(postpaidID)
	cleaned, err := client.CleanUpInstance(cleanUp)
	must(t, err)
	look := redis.NewDescribeInstancesRequest()
	look.InstanceId = common.StringPtr(postpaidID)
	left := eventually(
		func() int64 { return *described(t, client, look).TotalCount },
		func(left int64) bool { return left == 0 },
	)
	equal(t, "TotalCount", left, 0)
	succeeds(t, client, cleaned.Response.TaskId, postpaidID)
	succeeds(t, client, destroyed.Response.TaskId, postpaidID)

	_, err = client.UpgradeInstance(upgradeOf(postpaidID, 2048))
	refusedWith(t, absent, err)
}

func TestAPostpaidInstanceIsIsolatedAndStartedUpAgain(t *testing.T) {
	client := connect(t, serveInstances(t, postpaid))
	destroy := redis.NewDestroyPostpaidInstanceRequest()
	destroy.InstanceId = common.StringPtr(postpaidID)
	_, err := client.DestroyPostpaidInstance(destroy)
	must(t, err)
	if *passesInto(t, client, postpaidID, toBeDeleted).CloseTime == never {
		t.Fatal("an isolated instance has no CloseTime")
	}

	start := redis.NewStartupInstanceRequest()
	start.InstanceId = common.StringPtr(postpaidID)
	started, err := client.StartupInstance(start)
	must(t, err)
	if started.Response.TaskId != nil {
		t.Fatalf("StartupInstance answers the task %d", *started.Response.TaskId)
	}
	equal(t, "CloseTime", *passesInto(t, client, postpaidID, running).CloseTime, never)
}

func TestAPrepaidInstanceIsReturnedAndPaidForAgain(t *testing.T) {
	client := connect(t, serveInstances(t, prepaid))
	destroy := redis.NewDestroyPrepaidInstanceRequest()
	destroy.InstanceId = common.StringPtr(prepaidID)
	destroyed, err := client.DestroyPrepaidInstance(destroy)
	must(t, err)
	dealOf(t, destroyed.Response.DealId, destroyed.Response.DealName, destroyed.Response.RequestId)
	if *passesInto(t, client, prepaidID, isolated).CloseTime == never {
		t.Fatal("an isolated instance has no CloseTime")
	}

	renew := redis.NewRenewInstanceRequest()
	renew.InstanceId, renew.Period = common.StringPtr(prepaidID), common.Uint64Ptr(1)
	renewed, err := client.RenewInstance(renew)
	must(t, err)
	equal(t, "CloseTime", *passesInto(t, client, prepaidID, running).CloseTime, never)
	isDelivered(t, client, dealOf(t, renewed.Response.DealId, renewed.Response.DealName, renewed.Response.RequestId))
}

func TestWhatRunsIsNotCleanedUp(t *testing.T) {
	client := connect(t, serveInstances(t, postpaid))
	cleanUp := redis.NewCleanUpInstanceRequest()
	cleanUp.InstanceId = common.StringPtr(postpaidID)
	_, err := client.CleanUpInstance(cleanUp)
	refusedWith(t, "ResourceUnavailable.InstanceStatusAbnormal", err)
}

func TestDescribeCommonDBInstances(t *testing.T) {
	client := connect(t, serveInstances(t, postpaid, prepaid))
	request := redis.NewDescribeCommonDBInstancesRequest()
	request.InstanceIds = common.StringPtrs([]string{postpaidID})
	answer, err := client.DescribeCommonDBInstances(request)
	must(t, err)
	equal(t, "TotalCount", *answer.Response.TotalCount, 1)
	seen, known := answer.Response.InstanceDetails[0], instance(t, client, postpaidID)
	equal(t, "InstanceId", *seen.InstanceId, postpaidID)
	equal(t, "InstanceName", *seen.InstanceName, *known.InstanceName)
	equal(t, "Status", *seen.Status, "2")
	equal(t, "Vips", *seen.Vips[0], *known.WanIp)
	equal(t, "Vport", *seen.Vport, *known.Port)
	equal(t, "AppId", *seen.AppId, *known.Appid)

	all, err := client.DescribeCommonDBInstances(redis.NewDescribeCommonDBInstancesRequest())
	must(t, err)
	equal(t, "TotalCount", *all.Response.TotalCount, 2)
}

func TestDedicatedClusters(t *testing.T) {
	client := connect(t, serveFixture(t, `{"Accounts": [{"RedisClusters": [
		{"RedisClusterId": "crs-cdc-abcd1234", "DedicatedClusterId": "cluster-wxyz5678", "ClusterName": "机房-1"}]}]}`))
	answer, err := client.DescribeRedisClusters(redis.NewDescribeRedisClustersRequest())
	must(t, err)
	equal(t, "Total", *answer.Response.Total, 1)
	seen := answer.Response.Resources[0]
	equal(t, "RedisClusterId", *seen.RedisClusterId, "crs-cdc-abcd1234")
	equal(t, "DedicatedClusterId", *seen.DedicatedClusterId, "cluster-wxyz5678")
	equal(t, "ClusterName", *seen.ClusterName, "机房-1")

	other := redis.NewDescribeRedisClustersRequest()
	other.RedisClusterIds = common.StringPtrs([]string{"crs-cdc-00000000"})
	none, err := client.DescribeRedisClusters(other)
	must(t, err)
	equal(t, "Total", *none.Response.Total, 0)

	overview := redis.NewDescribeRedisClusterOverviewRequest()
	overview.DedicatedClusterId = common.StringPtr("cluster-wxyz5678")
	sum, err := client.DescribeRedisClusterOverview(overview)
	must(t, err)
	if sum.Response.TotalBundle == nil || sum.Response.TotalMemory == nil {
		t.Fatal("an overview without its sums")
	}
}

func TestDescribeProductInfoSellsWhatCreateInstancesTakes(t *testing.T) {
	client := connect(t, serve(t))
	answer, err := client.DescribeProductInfo(redis.NewDescribeProductInfoRequest())
	must(t, err)
	for _, place := range answer.Response.RegionSet {
		for _, zone := range place.ZoneSet {
			for _, product := range zone.ProductSet {
				if *zone.ZoneId != "ap-guangzhou-3" || *product.Type != 17 || *product.PayMode != "0" {
					continue
				}
				equal(t, "Saleout", *product.Saleout, false)
				equal(t, "ShardNum", *product.ShardNum[0], "1")
				if *zone.OldZoneId != 100003 {
					t.Fatalf("OldZoneId %d", *zone.OldZoneId)
				}
				ids, _ := creates(t, client, order())
				equal(t, "Type", *passesInto(t, client, ids[0], running).Type, *product.Type)
				return
			}
		}
	}
	t.Fatal("Redis 7.0 is not sold in ap-guangzhou-3")
}
