package clients

// A program of a user, who knows nothing of these tests: it upgrades an instance, waits, and prints
// what came of it. It runs in a process of its own, since Go reads proxies and certificates of the
// environment once.

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	redis "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/redis/v20180412"
)

const schemeOfTheProgram, endpointOfTheProgram = "ORDINARY_SCHEME", "ORDINARY_ENDPOINT"

func TestMain(m *testing.M) {
	if scheme, is := os.LookupEnv(schemeOfTheProgram); is {
		size, err := program(scheme, os.Getenv(endpointOfTheProgram))
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(size)
		os.Exit(0)
	}
	cleanEnvironment()
	os.Exit(m.Run())
}

// program is all that the user wrote; an empty endpoint is the cloud's own.
func program(scheme, endpoint string) (sizeMB float64, err error) {
	clientProfile := profile.NewClientProfile()
	clientProfile.HttpProfile.Scheme = scheme
	clientProfile.HttpProfile.Endpoint = endpoint
	client, err := redis.NewClient(key, region, clientProfile)
	if err != nil {
		return 0, err
	}
	if _, err = client.UpgradeInstance(upgradeOf(instanceID, 4096)); err != nil {
		return 0, err
	}
	for {
		seen, err := client.DescribeInstances(redis.NewDescribeInstancesRequest())
		if err != nil {
			return 0, err
		}
		for _, one := range seen.Response.InstanceSet {
			if *one.InstanceId == instanceID && *one.Status == running {
				return *one.Size, nil
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// ordinary runs the program with that environment besides; it answers what it printed and whether it
// was content.
func ordinary(t *testing.T, scheme, endpoint string, environment ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	command := exec.CommandContext(ctx, os.Args[0])
	command.Env = append(os.Environ(), schemeOfTheProgram+"="+scheme, endpointOfTheProgram+"="+endpoint)
	command.Env = append(command.Env, environment...)
	printed, err := command.CombinedOutput()
	return string(printed), err
}
