package clients

// 250 instances, page by page.

import (
	"fmt"
	"testing"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	redis "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/redis/v20180412"
)

const count = 250

// pageable is a server with as many instances, every other of them Redis 2.8 standalone (5).
func pageable(t *testing.T) *server {
	t.Helper()
	var instances []string
	for n := 0; n < count; n++ {
		typeID := 2 + 3*(n%2)
		instances = append(instances, fmt.Sprintf(`{"InstanceId": "crs-page%04d", "TypeId": %d, "MemSize": 1024}`, n, typeID))
	}
	return serveInstances(t, instances...)
}

// every counts the instances that the filter leaves, by id, and holds each page to the total.
func every(t *testing.T, client *redis.Client, limit, total int, filter *redis.DescribeInstancesRequest) map[string]int {
	t.Helper()
	seen := map[string]int{}
	for offset := 0; offset < total; offset += limit {
		filter.Limit = common.Uint64Ptr(uint64(limit))
		filter.Offset = common.Uint64Ptr(uint64(offset))
		page := described(t, client, filter)
		equal(t, "TotalCount", *page.TotalCount, int64(total))
		equal(t, "instances of the page", len(page.InstanceSet), min(limit, total-offset))
		for _, one := range page.InstanceSet {
			seen[*one.InstanceId]++
		}
	}
	return seen
}

func TestPagesShowEveryInstanceOnce(t *testing.T) {
	client := connect(t, pageable(t))
	for _, limit := range []int{20, 100, 1000} {
		seen := every(t, client, limit, count, redis.NewDescribeInstancesRequest())
		equal(t, "instances", len(seen), count)
		for n := 0; n < count; n++ {
			id := fmt.Sprintf("crs-page%04d", n)
			equal(t, id, seen[id], 1)
		}
	}
}

func TestAFilterCountsWhatItLeaves(t *testing.T) {
	client := connect(t, pageable(t))
	standalone := redis.NewDescribeInstancesRequest()
	standalone.TypeList = common.Int64Ptrs([]int64{5})
	equal(t, "instances", len(every(t, client, 100, count/2, standalone)), count/2)
}

func TestTheListEndsAndHasAUsualLength(t *testing.T) {
	client := connect(t, pageable(t))
	equal(t, "instances", len(described(t, client, redis.NewDescribeInstancesRequest()).InstanceSet), 20)

	beyond := redis.NewDescribeInstancesRequest()
	beyond.Limit, beyond.Offset = common.Uint64Ptr(100), common.Uint64Ptr(300)
	page := described(t, client, beyond)
	equal(t, "TotalCount", *page.TotalCount, count)
	equal(t, "instances", len(page.InstanceSet), 0)
}
