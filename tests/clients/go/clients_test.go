package clients

// The official Go SDK, and how these tests look at what it answers.

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	sdkerrors "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/errors"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	redis "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/redis/v20180412"
)

const (
	instanceID = "crs-5qlrlhux"
	region     = "ap-guangzhou"

	processing, running = 1, 2
	delivered           = 4
)

var (
	key       = common.NewCredential("AKIDlocal", "local")
	requestID = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	digits    = regexp.MustCompile(`^[0-9]+$`)
)

// plain is the profile of a client of that server, to be changed where a test needs it.
func plain(s *server) *profile.ClientProfile {
	made := profile.NewClientProfile()
	made.Language = "en-US"
	made.HttpProfile.Scheme = "HTTP"
	made.HttpProfile.Endpoint = s.host
	return made
}

// connect makes a client with the usual key, region and profile.
func connect(t *testing.T, s *server) *redis.Client {
	t.Helper()
	return connectWith(t, key, region, plain(s))
}

func connectWith(t *testing.T, key common.CredentialIface, region string, as *profile.ClientProfile) *redis.Client {
	t.Helper()
	client, err := redis.NewClient(key, region, as)
	must(t, err)
	return client
}

// refused takes the error of a call that must fail: the SDK's own, and an answer of the API.
func refused(t *testing.T, err error) *sdkerrors.TencentCloudSDKError {
	t.Helper()
	var refusal *sdkerrors.TencentCloudSDKError
	if !errors.As(err, &refusal) {
		t.Fatalf("not an error of the API: %v", err)
	}
	hasRequestID(t, common.StringPtr(refusal.GetRequestId()))
	if refusal.GetMessage() == "" {
		t.Fatalf("a refusal without a message: %v", refusal)
	}
	return refusal
}

// hasRequestID takes the RequestId of any answer.
func hasRequestID(t *testing.T, id *string) {
	t.Helper()
	if id == nil || !requestID.MatchString(*id) {
		t.Fatal("an answer without its RequestId")
	}
}

func refusedWith(t *testing.T, code string, err error) {
	t.Helper()
	equal(t, "code", refused(t, err).GetCode(), code)
}

// described are the instances that answer to that filter.
func described(t *testing.T, client *redis.Client, request *redis.DescribeInstancesRequest) *redis.DescribeInstancesResponseParams {
	t.Helper()
	answer, err := client.DescribeInstances(request)
	must(t, err)
	hasRequestID(t, answer.Response.RequestId)
	return answer.Response
}

func instance(t *testing.T, client *redis.Client, id string) *redis.InstanceSet {
	t.Helper()
	request := redis.NewDescribeInstancesRequest()
	request.InstanceId = common.StringPtr(id)
	found := described(t, client, request)
	equal(t, "TotalCount", *found.TotalCount, 1)
	equal(t, "instances", len(found.InstanceSet), 1)
	return found.InstanceSet[0]
}

// upgradeOf is the request that the tests make most.
func upgradeOf(id string, memSizeMB uint64) *redis.UpgradeInstanceRequest {
	request := redis.NewUpgradeInstanceRequest()
	request.InstanceId = common.StringPtr(id)
	request.MemSize = common.Uint64Ptr(memSizeMB)
	return request
}

// eventually looks until it sees what is wanted; it answers what it saw last.
func eventually[T any](look func() T, wanted func(T) bool) T {
	end := time.Now().Add(15 * time.Second)
	for {
		seen := look()
		if wanted(seen) || time.Now().After(end) {
			return seen
		}
		time.Sleep(100 * time.Millisecond) // far from 20 calls a second
	}
}

// passesInto looks after a change was ordered: the instance is in process at once, and gets to that
// status. A flow does not end unseen, so the first look sees it under way however late it comes.
func passesInto(t *testing.T, client *redis.Client, id string, status int64) *redis.InstanceSet {
	t.Helper()
	equal(t, "Status", *instance(t, client, id).Status, processing)
	seen := eventually(
		func() *redis.InstanceSet { return instance(t, client, id) },
		func(seen *redis.InstanceSet) bool { return *seen.Status != processing },
	)
	equal(t, "Status", *seen.Status, status)
	return seen
}

// dealOf is the number that an order answers, under two names.
func dealOf(t *testing.T, dealID, dealName, request *string) string {
	t.Helper()
	hasRequestID(t, request)
	if dealID == nil || dealName == nil || !digits.MatchString(*dealID) {
		t.Fatalf("DealId %v, DealName %v", dealID, dealName)
	}
	equal(t, "DealName", *dealName, *dealID)
	return *dealID
}

// upgrades orders an upgrade and answers its deal.
func upgrades(t *testing.T, client *redis.Client, request *redis.UpgradeInstanceRequest) string {
	t.Helper()
	answer, err := client.UpgradeInstance(request)
	must(t, err)
	return dealOf(t, answer.Response.DealId, answer.Response.DealName, answer.Response.RequestId)
}

func deal(t *testing.T, client *redis.Client, dealID string) *redis.TradeDealDetail {
	t.Helper()
	request := redis.NewDescribeInstanceDealDetailRequest()
	request.DealIds = common.StringPtrs([]string{dealID})
	answer, err := client.DescribeInstanceDealDetail(request)
	must(t, err)
	equal(t, "deals", len(answer.Response.DealDetails), 1)
	return answer.Response.DealDetails[0]
}

func isDelivered(t *testing.T, client *redis.Client, dealID string) *redis.TradeDealDetail {
	t.Helper()
	seen := eventually(
		func() *redis.TradeDealDetail { return deal(t, client, dealID) },
		func(seen *redis.TradeDealDetail) bool { return *seen.Status == delivered },
	)
	equal(t, "Status of the deal", *seen.Status, delivered)
	return seen
}

// succeeds waits for a task by the number that an action answered.
func succeeds(t *testing.T, client *redis.Client, taskID *int64, id string) {
	t.Helper()
	if taskID == nil || *taskID <= 0 {
		t.Fatalf("TaskId %v", taskID)
	}
	request := redis.NewDescribeTaskInfoRequest()
	request.TaskId = common.Uint64Ptr(uint64(*taskID))
	seen := eventually(
		func() *redis.DescribeTaskInfoResponseParams {
			answer, err := client.DescribeTaskInfo(request)
			must(t, err)
			return answer.Response
		},
		func(seen *redis.DescribeTaskInfoResponseParams) bool { return *seen.Status == "succeed" },
	)
	equal(t, "Status of the task", *seen.Status, "succeed")
	equal(t, "InstanceId of the task", *seen.InstanceId, id)
}

// road is a transport that leads every name to one address, as a line in /etc/hosts would, and
// keeps what went over it.
type road struct {
	http.Transport
	mutex    sync.Mutex
	dialed   []string // HOST:PORT of each connection
	sent     []string // HOST:PORT of each request
	answered []string // status and Content-Type of each answer
}

func roadTo(address string) *road {
	made := &road{}
	made.DialContext = func(ctx context.Context, network, wanted string) (net.Conn, error) {
		made.mutex.Lock()
		made.dialed = append(made.dialed, wanted)
		made.mutex.Unlock()
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}
	return made
}

func (r *road) RoundTrip(request *http.Request) (*http.Response, error) {
	r.mutex.Lock()
	r.sent = append(r.sent, request.Host)
	r.mutex.Unlock()
	answer, err := r.Transport.RoundTrip(request)
	if err == nil {
		r.mutex.Lock()
		defer r.mutex.Unlock()
		r.answered = append(r.answered, fmt.Sprintf("%d %s", answer.StatusCode, answer.Header.Get("Content-Type")))
	}
	return answer, err
}
