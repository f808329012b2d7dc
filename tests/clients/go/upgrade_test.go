package clients

// The main job: a resize, from the order to the running instance.

import "testing"

// snippet: go
import (
	"fmt"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	redis "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/redis/v20180412"
)

// upgrade resizes an instance and waits until it runs. The endpoint is where crs-local listens:
// "127.0.0.1:8239".
func upgrade(endpoint, instanceID string, memSizeMB uint64) (*redis.InstanceSet, error) {
	clientProfile := profile.NewClientProfile()
	clientProfile.HttpProfile.Scheme = "HTTP"
	clientProfile.HttpProfile.Endpoint = endpoint
	client, err := redis.NewClient(common.NewCredential("AKIDlocal", "local"), "ap-guangzhou", clientProfile)
	if err != nil {
		return nil, err
	}
	order := redis.NewUpgradeInstanceRequest()
	order.InstanceId = common.StringPtr(instanceID)
	order.MemSize = common.Uint64Ptr(memSizeMB)
	if _, err := client.UpgradeInstance(order); err != nil {
		return nil, err
	}
	look := redis.NewDescribeInstancesRequest()
	look.InstanceId = common.StringPtr(instanceID)
	for tries := 0; tries < 60; tries++ {
		seen, err := client.DescribeInstances(look)
		if err != nil {
			return nil, err
		}
		if instance := seen.Response.InstanceSet[0]; *instance.Status == 2 { // 1: in process, 2: running
			return instance, nil
		}
		time.Sleep(500 * time.Millisecond)
	}
	return nil, fmt.Errorf("%s is not running", instanceID)
}

// end

func TestUpgradeAsAUserWritesIt(t *testing.T) {
	upgraded, err := upgrade(serve(t).host, instanceID, 4096)
	must(t, err)
	equal(t, "InstanceId", *upgraded.InstanceId, instanceID)
	equal(t, "Size", *upgraded.Size, 4096)
}

func TestUpgradeIsOrderedSeenInProcessAndDelivered(t *testing.T) {
	client := connect(t, serve(t))
	before := instance(t, client, instanceID)
	equal(t, "Status", *before.Status, running)
	equal(t, "Size", *before.Size, 1024)

	dealID := upgrades(t, client, upgradeOf(instanceID, 4096))

	during := instance(t, client, instanceID)
	equal(t, "Status", *during.Status, processing)
	equal(t, "Size until the flow has ended", *during.Size, 1024)
	if status := *deal(t, client, dealID).Status; status != 2 && status != 3 {
		t.Fatalf("Status of the deal: %d", status)
	}

	after := passesInto(t, client, instanceID, running)
	equal(t, "Size", *after.Size, 4096)
	equal(t, "RedisShardSize", *after.RedisShardSize, 4096)

	done := deal(t, client, dealID)
	equal(t, "Status of the deal", *done.Status, delivered)
	equal(t, "InstanceIds of the deal", *done.InstanceIds[0], instanceID)
	if *done.EndTime == "" {
		t.Fatal("a delivered deal has no EndTime")
	}

	list := redis.NewDescribeTaskListRequest()
	list.InstanceId = common.StringPtr(instanceID)
	tasks, err := client.DescribeTaskList(list)
	must(t, err)
	task := tasks.Response.Tasks[0]
	equal(t, "TaskType", *task.TaskType, "002")
	equal(t, "Result", *task.Result, 2)
	equal(t, "Progress", *task.Progress, 1)
	succeeds(t, client, task.TaskId, instanceID)
}

func TestASecondUpgradeWaitsForTheFirst(t *testing.T) {
	client := connect(t, serve(t, "--pace", "held"))
	upgrades(t, client, upgradeOf(instanceID, 4096))
	_, err := client.UpgradeInstance(upgradeOf(instanceID, 8192))
	refusedWith(t, "ResourceUnavailable.InstanceStatusAbnormal", err)
}
