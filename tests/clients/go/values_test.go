package clients

// Values both ways: lists, nested objects, booleans, what is empty or absent, text, large numbers.
// The SDK decodes strictly: a wrong JSON type is an error of its own.

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	redis "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/redis/v20180412"
)

const name = "订单缓存-1_a"

var tags = []*redis.ResourceTag{
	{TagKey: common.StringPtr("team"), TagValue: common.StringPtr("支付")},
	{TagKey: common.StringPtr("env"), TagValue: common.StringPtr("a&b=<c> d")},
}

// node is a member of a NodeSet; an id of 0 leaves NodeId out.
func node(nodeType, id int64, zoneID uint64) *redis.RedisNodeInfo {
	made := &redis.RedisNodeInfo{NodeType: common.Int64Ptr(nodeType), ZoneId: common.Uint64Ptr(zoneID)}
	if id != 0 {
		made.NodeId = common.Int64Ptr(id)
	}
	return made
}

// zones says where the nodes stand, sorted.
func zones(nodes []*redis.RedisNodeInfo) string {
	var said []string
	for _, one := range nodes {
		said = append(said, fmt.Sprintf("%d in %d", *one.NodeType, *one.ZoneId))
	}
	sort.Strings(said)
	return strings.Join(said, ", ")
}

func order() *redis.CreateInstancesRequest {
	request := redis.NewCreateInstancesRequest()
	request.TypeId = common.Uint64Ptr(17)
	request.MemSize = common.Uint64Ptr(2048)
	request.GoodsNum = common.Uint64Ptr(1)
	request.Period = common.Uint64Ptr(1)
	request.BillingMode = common.Int64Ptr(0)
	request.ZoneName = common.StringPtr("ap-guangzhou-3")
	request.VpcId = common.StringPtr("vpc-8xm0r2ks")
	request.SubnetId = common.StringPtr("subnet-1jq7f0ue")
	request.RedisShardNum = common.Int64Ptr(1)
	request.RedisReplicasNum = common.Int64Ptr(1)
	request.NoAuth = common.BoolPtr(true)
	return request
}

func creates(t *testing.T, client *redis.Client, request *redis.CreateInstancesRequest) (ids []string, dealID string) {
	t.Helper()
	answer, err := client.CreateInstances(request)
	must(t, err)
	bought := answer.Response
	for _, id := range bought.InstanceIds {
		ids = append(ids, *id)
	}
	return ids, dealOf(t, bought.DealId, bought.DealName, bought.RequestId)
}

func TestAnOrderWithListsObjectsAndBooleans(t *testing.T) {
	for _, signMethod := range signMethods {
		for _, reqMethod := range []string{"POST", "GET"} {
			t.Run(signMethod+" "+reqMethod, func(t *testing.T) {
				as := plain(serve(t, "--auth", "strict"))
				as.SignMethod, as.HttpProfile.ReqMethod = signMethod, reqMethod
				client := connectWith(t, key, region, as)

				request := order()
				request.InstanceName = common.StringPtr(name)
				request.ReplicasReadonly = common.BoolPtr(false)
				request.RedisReplicasNum = common.Int64Ptr(2)
				request.SecurityGroupIdList = common.StringPtrs([]string{"sg-kjf3e0wx", "sg-0pq2rn5t"})
				request.NodeSet = []*redis.RedisNodeInfo{node(0, 0, 100003), node(1, 0, 100004), node(1, 0, 100006)}
				request.ResourceTags = tags
				request.VPort = common.Uint64Ptr(6380)
				request.AlarmPolicyList = []*string{} // sent as an empty list in JSON, not at all in a form
				ids, _ := creates(t, client, request)
				equal(t, "instances", len(ids), 1)

				seen := passesInto(t, client, ids[0], running)
				equal(t, "InstanceName", *seen.InstanceName, name)
				equal(t, "NoAuth", *seen.NoAuth, true)
				equal(t, "Port", *seen.Port, 6380)
				equal(t, "ProjectId", *seen.ProjectId, 0)
				equal(t, "NodeSet", zones(seen.NodeSet), zones(request.NodeSet))
				found := map[string]string{}
				for _, tag := range seen.InstanceTags {
					found[*tag.TagKey] = *tag.TagValue
				}
				equal(t, "tags", len(found), len(tags))
				for _, tag := range tags {
					equal(t, *tag.TagKey, found[*tag.TagKey], *tag.TagValue)
				}
			})
		}
	}
}

func TestWhatIsEmptyIsAListAllTheSame(t *testing.T) {
	client := connect(t, serve(t))
	seen := instance(t, client, instanceID)
	if seen.InstanceTags == nil || seen.NodeSet == nil || seen.Tags == nil || seen.InstanceNode == nil {
		t.Fatal("an empty list was null or left out")
	}
	equal(t, "InstanceTags", len(seen.InstanceTags), 0)
	equal(t, "NoAuth", *seen.NoAuth, false)
	equal(t, "WanAddress", *seen.WanAddress, "")
	equal(t, "Port", *seen.Port, 6379)

	empty := redis.NewDescribeInstancesRequest()
	empty.SearchKeys, empty.TypeList, empty.InstanceTags = []*string{}, []*int64{}, []*redis.InstanceTagInfo{}
	all := described(t, client, redis.NewDescribeInstancesRequest())
	equal(t, "TotalCount", *described(t, client, empty).TotalCount, *all.TotalCount)
}

func TestFilters(t *testing.T) {
	client := connect(t, serve(t))
	filter := redis.NewDescribeInstancesRequest()
	filter.TypeList = common.Int64Ptrs([]int64{9})
	filter.InstanceIds = common.StringPtrs([]string{"crs-r50std00", "crs-r50clu00"})
	found := described(t, client, filter)
	equal(t, "TotalCount", *found.TotalCount, 1)
	equal(t, "InstanceId", *found.InstanceSet[0].InstanceId, "crs-r50clu00")
}

func TestTagsAreFoundByKeyAndValue(t *testing.T) {
	client := connect(t, serveInstances(t,
		`{"InstanceId": "crs-tagged00", "ResourceTags": [{"TagKey": "team", "TagValue": "支付"}]}`,
		`{"InstanceId": "crs-tagless0"}`))
	filter := redis.NewDescribeInstancesRequest()
	filter.InstanceTags = []*redis.InstanceTagInfo{{TagKey: tags[0].TagKey, TagValue: tags[0].TagValue}}
	found := described(t, client, filter)
	equal(t, "TotalCount", *found.TotalCount, 1)
	equal(t, "InstanceId", *found.InstanceSet[0].InstanceId, "crs-tagged00")
}

func TestANumberThatAFloatCannotHold(t *testing.T) {
	const large = 1<<53 + 1
	client := connect(t, serveFixture(t, fmt.Sprintf(`{"Accounts": [{
		"Instances": [{"InstanceId": "crs-5qlrlhux"}],
		"Tasks": [{"TaskId": %d, "TaskType": "002", "InstanceId": "crs-5qlrlhux"}]}]}`, int64(large))))
	answer, err := client.DescribeTaskList(redis.NewDescribeTaskListRequest())
	must(t, err)
	equal(t, "TaskId", *answer.Response.Tasks[0].TaskId, large)
	succeeds(t, client, answer.Response.Tasks[0].TaskId, instanceID)
}

func TestAnythingUnknownIsNamedWithItsPath(t *testing.T) {
	client := connect(t, serve(t))
	tag := map[string]any{"TagKey": "a", "TagValue": "b", "TagValeu": "b"}
	_, err := byName(client, "DescribeInstances", map[string]any{"InstanceTags": []any{tag}})
	refusal := refused(t, err)
	equal(t, "code", refusal.GetCode(), "UnknownParameter")
	if !strings.Contains(refusal.GetMessage(), "InstanceTags.0.TagValeu") {
		t.Fatal(refusal.GetMessage())
	}
}
