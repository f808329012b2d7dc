package clients

// Refusals, as the SDK shows them: a TencentCloudSDKError with code, message and request id.

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	redis "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/redis/v20180412"
)

// The seven errors that UpgradeInstance was founded on: the seed fixtures/errors/CODE.json and the
// size in MB to ask for.
var founding = map[string]uint64{
	"InvalidParameterValue.MemSizeNotInRange":        1048576,
	"InvalidParameterValue.ReduceCapacityNotAllowed": 2048,
	"LimitExceeded.InvalidMemSize":                   4000,
	"ResourceNotFound.InstanceNotExists":             4096,
	"ResourceUnavailable.AccountBalanceNotEnough":    4096,
	"ResourceUnavailable.InstanceStatusAbnormal":     4096,
	"UnauthorizedOperation.NoCAMAuthed":              4096,
}

func TestAFoundingError(t *testing.T) {
	for code, memSizeMB := range founding {
		t.Run(code, func(t *testing.T) {
			server := serve(t, "--fixture", filepath.Join(root, "fixtures/errors", code+".json"))
			client := connect(t, server)
			before := described(t, client, redis.NewDescribeInstancesRequest()).InstanceSet
			_, err := client.UpgradeInstance(upgradeOf(instanceID, memSizeMB))
			refusedWith(t, code, err)
			after := described(t, client, redis.NewDescribeInstancesRequest()).InstanceSet
			if !reflect.DeepEqual(before, after) {
				t.Fatal("a refusal changes nothing")
			}
		})
	}
}

// Common errors that a caller causes.
func TestACommonError(t *testing.T) {
	server := serve(t, "--auth", "strict")
	describes := func(key common.CredentialIface, region string) error {
		_, err := connectWith(t, key, region, plain(server)).DescribeInstances(redis.NewDescribeInstancesRequest())
		return err
	}
	refusedWith(t, "AuthFailure.SignatureFailure", describes(common.NewCredential(key.SecretId, "wrong"), region))
	refusedWith(t, "AuthFailure.SecretIdNotFound", describes(common.NewCredential("AKIDstranger", "local"), region))
	refusedWith(t, "InvalidParameterValue", describes(key, "ap-nowhere"))

	client := connect(t, server)
	unsized := redis.NewUpgradeInstanceRequest()
	unsized.InstanceId = common.StringPtr(instanceID)
	_, err := client.UpgradeInstance(unsized)
	refusedWith(t, "MissingParameter", err)

	_, err = byName(client, "DescribeInstances", map[string]any{"Limits": 5})
	refusedWith(t, "UnknownParameter", err)
	_, err = byName(client, "DescribeInstances", map[string]any{"Limit": "many"})
	refusedWith(t, "InvalidParameter", err)
	_, err = byName(client, "DescribeNothing", map[string]any{})
	refusedWith(t, "InvalidAction", err)
}

// Those that only the cloud's inside causes, by a fault rule.
func TestAnInjectedError(t *testing.T) {
	server := serve(t)
	client := connect(t, server)
	for _, code := range []string{
		"UnsupportedRegion", "InternalError", "FailedOperation.SystemError",
		"FailedOperation.PayFailed", "ResourceUnavailable.SaleOut",
	} {
		server.fault(t, "UpgradeInstance", code, 1)
		_, err := client.UpgradeInstance(upgradeOf(instanceID, 4096))
		refusedWith(t, code, err)
	}
	upgrades(t, client, upgradeOf(instanceID, 4096)) // the rules are spent
}

func TestInstancesLiveInTheirRegion(t *testing.T) {
	elsewhere := connectWith(t, key, "ap-shanghai", plain(serve(t)))
	filter := redis.NewDescribeInstancesRequest()
	filter.InstanceId = common.StringPtr(instanceID)
	equal(t, "TotalCount", *described(t, elsewhere, filter).TotalCount, 0)
	_, err := elsewhere.UpgradeInstance(upgradeOf(instanceID, 4096))
	refusedWith(t, "ResourceNotFound.InstanceNotExists", err)
}

// This SDK would forgive other forms of an answer, others do not: they lose the error with any status
// but 200, and some with any other Content-Type.
func TestAnAnswerIsJsonWithStatus200WhateverItSays(t *testing.T) {
	server := serve(t)
	client := connect(t, server)
	through := roadTo(server.host)
	client.WithHttpTransport(through)
	instance(t, client, instanceID)
	_, err := client.UpgradeInstance(upgradeOf("crs-00000000", 4096))
	refusedWith(t, absent, err)
	_, err = byName(client, "DescribeNothing", map[string]any{})
	refusedWith(t, "InvalidAction", err)
	equal(t, "answers", strings.Join(through.answered, ", "), "200 application/json, 200 application/json, 200 application/json")
	through.CloseIdleConnections()
}
