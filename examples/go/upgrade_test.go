package example

import (
	"errors"
	"testing"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	sdk "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/errors"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	redis "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/redis/v20180412"

	"example/crslocal"
)

const instance = "crs-5qlrlhux"

func client(t *testing.T, account *crslocal.Account) *redis.Client {
	t.Helper()
	own := profile.NewClientProfile()
	own.HttpProfile.Scheme, own.HttpProfile.Endpoint = "HTTP", account.Endpoint
	made, err := redis.NewClient(common.NewCredential(account.SecretID, account.SecretKey), account.Region, own)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func upgrade(client *redis.Client, memSize uint64) error {
	order := redis.NewUpgradeInstanceRequest()
	order.InstanceId, order.MemSize = common.StringPtr(instance), common.Uint64Ptr(memSize)
	_, err := client.UpgradeInstance(order)
	return err
}

func TestMemoryGrows(t *testing.T) {
	t.Parallel()
	account := crslocal.Start(t)
	if err := upgrade(client(t, account), 4096); err != nil {
		t.Fatal(err)
	}
	account.Control(t, "POST", "/clock/advance", map[string]any{"Seconds": 60}, nil)
	var shown struct{ MemSize int }
	account.Control(t, "GET", "/instances/"+instance, nil, &shown)
	if shown.MemSize != 4096 {
		t.Fatalf("it has %d MB", shown.MemSize)
	}
}

func TestTheCloudSaysNo(t *testing.T) {
	t.Parallel()
	account := crslocal.Start(t)
	rule := map[string]any{
		"Match": map[string]any{"Action": "UpgradeInstance"},
		"Then":  map[string]any{"Code": "FailedOperation.PayFailed"},
		"Times": 1,
	}
	account.Control(t, "POST", "/faults", rule, nil)
	var refused *sdk.TencentCloudSDKError
	err := upgrade(client(t, account), 4096)
	if !errors.As(err, &refused) || refused.Code != "FailedOperation.PayFailed" {
		t.Fatalf("it got %v", err)
	}
}
