package clients

// The main job: a resize, from the order to the running instance.

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	redis "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/redis/v20180412"
)

// The program of docs/clients.md, as it is printed.
func TestUpgradeAsAUserWritesIt(t *testing.T) {
	printed, err := exec.Command(binary, "env", "go", serve(t).host).Output()
	must(t, err)
	file := filepath.Join(t.TempDir(), "main.go")
	must(t, os.WriteFile(file, printed, 0o600))
	said, err := exec.Command("go", "run", "-mod=readonly", file).CombinedOutput()
	equal(t, "what it says", string(said), instanceID+": 4096 MB\n")
	must(t, err)
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
