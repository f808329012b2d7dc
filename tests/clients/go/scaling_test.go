package clients

// Size, edition, versions and zones: family B of the actions, and the tasks they make.

import (
	"fmt"
	"testing"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	redis "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/redis/v20180412"
)

const (
	olderID, clusterID, zonesID = "crs-older000", "crs-cluster0", "crs-zones000"

	older = `{"InstanceId": "crs-older000", "TypeId": 6, "MemSize": 1024, "RedisReplicasNum": 1,
		"VpcId": "vpc-local000", "SubnetId": "subnet-local000",
		"MaintenanceWindow": {"StartTime": "%s", "EndTime": "%s"}}`
	cluster = `{"InstanceId": "crs-cluster0", "TypeId": 7, "MemSize": 1024, "RedisShardNum": 3, "RedisReplicasNum": 1,
		"VpcId": "vpc-local000", "SubnetId": "subnet-local000"%s}`
	overZones = `{"InstanceId": "crs-zones000", "TypeId": 17, "MemSize": 1024, "RedisReplicasNum": 2,
		"VpcId": "vpc-local000", "SubnetId": "subnet-local000", "NodeSet": [
			{"NodeType": 0, "NodeId": 1001, "ZoneId": 100003},
			{"NodeType": 1, "NodeId": 1002, "ZoneId": 100003},
			{"NodeType": 1, "NodeId": 1003, "ZoneId": 100004}]}`
)

// withOlder serves a Redis 4.0 whose maintenance window is hours away whenever this runs.
func withOlder(t *testing.T) *server {
	t.Helper()
	hour := (time.Now().UTC().Add(8*time.Hour).Hour() + 8) % 23
	at := func(hour int) string { return fmt.Sprintf("%02d:00", hour) }
	return serveInstances(t, fmt.Sprintf(older, at(hour), at(hour+1)))
}

func TestShardsAndReplicasOneChangeACall(t *testing.T) {
	client := connect(t, serveInstances(t, fmt.Sprintf(cluster, "")))
	sized := func(memSizeMB, shards, replicas uint64) *redis.UpgradeInstanceRequest {
		request := upgradeOf(clusterID, memSizeMB)
		request.RedisShardNum, request.RedisReplicasNum = common.Uint64Ptr(shards), common.Uint64Ptr(replicas)
		return request
	}
	dealID := upgrades(t, client, sized(1024, 5, 1))
	grown := passesInto(t, client, clusterID, running)
	equal(t, "RedisShardNum", *grown.RedisShardNum, 5)
	equal(t, "Size", *grown.Size, 5120)
	isDelivered(t, client, dealID)

	upgrades(t, client, sized(1024, 5, 2))
	equal(t, "RedisReplicasNum", *passesInto(t, client, clusterID, running).RedisReplicasNum, 2)

	_, err := client.UpgradeInstance(sized(2048, 8, 2))
	refusedWith(t, "InvalidParameter.InvalidParameter", err)

	list := redis.NewDescribeTaskListRequest()
	list.InstanceId = common.StringPtr(clusterID)
	list.TaskTypes = common.StringPtrs([]string{"028", "029"})
	tasks, err := client.DescribeTaskList(list)
	must(t, err)
	equal(t, "TotalCount", *tasks.Response.TotalCount, 2)
	for _, task := range tasks.Response.Tasks {
		succeeds(t, client, task.TaskId, clusterID)
	}
}

func TestUpgradeInstanceVersion(t *testing.T) {
	client := connect(t, withOlder(t))
	request := redis.NewUpgradeInstanceVersionRequest()
	request.InstanceId = common.StringPtr(olderID)
	request.TargetInstanceType = common.StringPtr("8")
	request.SwitchOption = common.Int64Ptr(2)
	answer, err := client.UpgradeInstanceVersion(request)
	must(t, err)
	dealID := dealOf(t, answer.Response.DealId, answer.Response.DealName, answer.Response.RequestId)
	equal(t, "Type", *passesInto(t, client, olderID, running).Type, 8)
	isDelivered(t, client, dealID)
}

func TestUpgradeInstanceProductVersion(t *testing.T) {
	// Newer than this version of the SDK, whose clients send any action by name.
	client := connect(t, withOlder(t))
	answer, err := byName(client, "UpgradeInstanceProductVersion", map[string]any{
		"InstanceId": olderID, "TargetProductVersion": "localv2", "SwitchOption": 2,
	})
	must(t, err)
	if dealName, _ := answer["DealName"].(string); !digits.MatchString(dealName) {
		t.Fatalf("DealName %v", answer["DealName"])
	}
	equal(t, "ProductVersion", *passesInto(t, client, olderID, running).ProductVersion, "localv2")
}

func TestUpgradeSmallVersionAndUpgradeProxyVersion(t *testing.T) {
	client := connect(t, serveInstances(t, fmt.Sprintf(cluster, `,
		"CurrentRedisVersion": "4.3.0", "UpgradeRedisVersion": "4.3.6",
		"CurrentProxyVersion": "5.6.0", "UpgradeProxyVersion": "5.8.0"`)))
	seen := instance(t, client, clusterID)

	kernel := redis.NewUpgradeSmallVersionRequest()
	kernel.InstanceId = common.StringPtr(clusterID)
	kernel.CurrentRedisVersion, kernel.UpgradeRedisVersion = seen.CurrentRedisVersion, seen.UpgradeRedisVersion
	kernel.InstanceTypeUpgradeNow = common.Int64Ptr(1)
	first, err := client.UpgradeSmallVersion(kernel)
	must(t, err)
	equal(t, "CurrentRedisVersion", *passesInto(t, client, clusterID, running).CurrentRedisVersion, "4.3.6")
	succeeds(t, client, first.Response.FlowId, clusterID)

	proxy := redis.NewUpgradeProxyVersionRequest()
	proxy.InstanceId = common.StringPtr(clusterID)
	proxy.CurrentProxyVersion, proxy.UpgradeProxyVersion = seen.CurrentProxyVersion, seen.UpgradeProxyVersion
	proxy.InstanceTypeUpgradeNow = common.Int64Ptr(1)
	second, err := client.UpgradeProxyVersion(proxy)
	must(t, err)
	equal(t, "CurrentProxyVersion", *passesInto(t, client, clusterID, running).CurrentProxyVersion, "5.8.0")
	succeeds(t, client, second.Response.FlowId, clusterID)
}

func TestUpgradeVersionToMultiAvailabilityZones(t *testing.T) {
	client := connect(t, withOlder(t))
	request := redis.NewUpgradeVersionToMultiAvailabilityZonesRequest()
	request.InstanceId = common.StringPtr(olderID)
	request.UpgradeProxyAndRedisServer = common.BoolPtr(true)
	answer, err := client.UpgradeVersionToMultiAvailabilityZones(request)
	must(t, err)
	passesInto(t, client, olderID, running)
	succeeds(t, client, answer.Response.FlowId, olderID)
}

func TestModifyInstanceAvailabilityZones(t *testing.T) {
	client := connect(t, serveInstances(t, overZones))
	request := redis.NewModifyInstanceAvailabilityZonesRequest()
	request.InstanceId = common.StringPtr(zonesID)
	request.SwitchOption = common.Int64Ptr(2)
	request.NodeSet = []*redis.RedisNodeInfo{node(0, 1001, 100003), node(1, 1002, 100003), node(1, 1003, 100006)}
	answer, err := client.ModifyInstanceAvailabilityZones(request)
	must(t, err)
	equal(t, "NodeSet", zones(passesInto(t, client, zonesID, running).NodeSet), zones(request.NodeSet))
	succeeds(t, client, answer.Response.TaskId, zonesID)
}

func TestSwitchAccessNewInstanceDoesNotWaitForTheWindow(t *testing.T) {
	client := connect(t, withOlder(t))
	later := upgradeOf(olderID, 2048)
	later.SwitchOption = common.Uint64Ptr(1)
	upgrades(t, client, later)
	waiting := instance(t, client, olderID)
	equal(t, "Status", *waiting.Status, running)
	equal(t, "Size", *waiting.Size, 1024)

	now := redis.NewSwitchAccessNewInstanceRequest()
	now.InstanceId = common.StringPtr(olderID)
	answer, err := client.SwitchAccessNewInstance(now)
	must(t, err)
	hasRequestID(t, answer.Response.RequestId)
	switched := eventually(
		func() *redis.InstanceSet { return instance(t, client, olderID) },
		func(seen *redis.InstanceSet) bool { return *seen.Status == running && *seen.Size == 2048 },
	)
	equal(t, "Status", *switched.Status, running)
	equal(t, "Size", *switched.Size, 2048)
}
