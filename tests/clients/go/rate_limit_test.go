package clients

// 20 calls a second of one credential, action and region, and what the SDK does about refusals that
// may pass: its own retries, and its breaker that changes the region.

import (
	"fmt"
	"testing"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	redis "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/redis/v20180412"
)

const (
	limited = "RequestLimitExceeded"
	absent  = "ResourceNotFound.InstanceNotExists"
)

// missed calls for an instance that is not there: such calls fail at once and fail alike.
func missed(t *testing.T, client *redis.Client) (code, message string) {
	t.Helper()
	_, err := client.UpgradeInstance(upgradeOf("crs-00000000", 4096))
	refusal := refused(t, err)
	return refusal.GetCode(), refusal.GetMessage()
}

// withinOneSecond acts just after a second has begun, anew until everything fell into that second.
func withinOneSecond(t *testing.T, act func()) {
	t.Helper()
	for tries := 0; tries < 10; tries++ {
		nextSecond()
		second := time.Now().Unix()
		act()
		if time.Now().Unix() == second {
			return
		}
	}
	t.Fatal("the calls never fitted into one second")
}

func nextSecond() {
	time.Sleep(time.Until(time.Now().Truncate(time.Second).Add(1020 * time.Millisecond)))
}

func TestThe21stCallOfASecondIsOneTooMany(t *testing.T) {
	client := connect(t, serve(t))
	var codes, messages []string
	withinOneSecond(t, func() {
		codes, messages = nil, nil
		for calls := 0; calls < 21; calls++ {
			code, message := missed(t, client)
			codes, messages = append(codes, code), append(messages, message)
		}
		instance(t, client, instanceID) // another action
	})
	for _, code := range codes[:20] {
		equal(t, "code", code, absent)
	}
	equal(t, "code", codes[20], limited)
	equal(t, "message", messages[20], "Your current request times equals to `21` in a second, which exceeds the "+
		"frequency limit `20` for a second. Please reduce the frequency of calls.")

	nextSecond()
	code, _ := missed(t, client)
	equal(t, "code in the next second", code, absent)
}

// retrying is a profile with retries of refusals for frequency, fast ones.
func retrying(s *server, times int) *profile.ClientProfile {
	as := plain(s)
	as.RateLimitExceededMaxRetries = times
	as.RateLimitExceededRetryDuration = profile.ConstantDurationFunc(10 * time.Millisecond)
	return as
}

func TestTheSdkRetriesAsOftenAsItWasTold(t *testing.T) {
	for _, signMethod := range signMethods {
		server := serve(t)
		as := retrying(server, 3)
		as.SignMethod = signMethod
		client := connectWith(t, key, region, as)
		server.fault(t, "UpgradeInstance", limited, 3)
		upgrades(t, client, upgradeOf(instanceID, 4096))
		equal(t, "refused calls", server.fired(t), 3)
	}
	server := serve(t)
	client := connectWith(t, key, region, retrying(server, 1))
	server.fault(t, "UpgradeInstance", limited, 3)
	_, err := client.UpgradeInstance(upgradeOf(instanceID, 4096))
	refusedWith(t, limited, err)
	equal(t, "refused calls", server.fired(t), 2)
}

func TestTheSdkRetriesNothingElse(t *testing.T) {
	// Neither without being told, nor for the limits of the account, whose code is another one.
	server := serve(t)
	server.fault(t, "DescribeInstances", limited, 1)
	_, err := connect(t, server).DescribeInstances(redis.NewDescribeInstancesRequest())
	refusedWith(t, limited, err)

	client := connectWith(t, key, region, retrying(server, 3))
	for _, code := range []string{"RequestLimitExceeded.UinLimitExceeded", "InternalError"} {
		server.fault(t, "DescribeInstances", code, 1)
		_, err = client.DescribeInstances(redis.NewDescribeInstancesRequest())
		refusedWith(t, code, err)
	}
}

func TestRetriesOutlastTheLimit(t *testing.T) {
	as := plain(serve(t, "--rate-limit", "documented,UpgradeInstance=2"))
	as.RateLimitExceededMaxRetries = 30
	as.RateLimitExceededRetryDuration = profile.ConstantDurationFunc(100 * time.Millisecond)
	client := connectWith(t, key, region, as)
	for calls := 0; calls < 5; calls++ {
		code, _ := missed(t, client)
		equal(t, "code", code, absent)
	}
}

func TestTheLimitCanBeTakenOff(t *testing.T) {
	client := connect(t, serve(t, "--rate-limit", "off"))
	for calls := 0; calls < 150; calls++ {
		code, _ := missed(t, client)
		equal(t, "code", code, absent)
	}
}

// The breaker takes five failures in a row for a region that is down. A refusal with a RequestId is
// an answer of a region that is up, unless its code is InternalError.
func TestTheBreakerChangesTheDoorAfterFiveInternalErrors(t *testing.T) {
	server := serve(t, "--auth", "strict")
	as := plain(server)
	as.HttpProfile.Endpoint = "redis.tc.test"
	as.DisableRegionBreaker = false
	as.BackupEndpoint = "ap-shanghai.tc.test"
	client := connectWith(t, key, region, as)
	through := roadTo(server.host)
	client.WithHttpTransport(through)

	for calls := 0; calls < 6; calls++ {
		_, err := client.UpgradeInstance(upgradeOf("crs-00000000", 4096))
		refusedWith(t, absent, err)
	}
	server.fault(t, "UpgradeInstance", "InternalError", 5)
	for calls := 0; calls < 5; calls++ {
		_, err := client.UpgradeInstance(upgradeOf(instanceID, 4096))
		refusedWith(t, "InternalError", err)
	}
	for n, host := range through.sent {
		equal(t, fmt.Sprintf("host of call %d", n), host, "redis.tc.test")
	}
	upgrades(t, client, upgradeOf(instanceID, 4096))
	equal(t, "host of the last call", through.sent[11], "redis.ap-shanghai.tc.test")

	filter := redis.NewDescribeInstancesRequest()
	filter.InstanceId = common.StringPtr(instanceID)
	equal(t, "Status", *described(t, client, filter).InstanceSet[0].Status, processing)
}
