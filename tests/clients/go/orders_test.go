package clients

// What is bought and what it costs: orders, renewals, clones, prices.

import (
	"math"
	"testing"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	redis "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/redis/v20180412"
)

const (
	standardID = "crs-standard"
	standard   = `{"InstanceId": "crs-standard", "TypeId": 8, "MemSize": 1024, "RedisReplicasNum": 1,
		"VpcId": "vpc-8xm0r2ks", "SubnetId": "subnet-1jq7f0ue"}`
)

func TestWhatWasBoughtIsListedAtOnceAndRunsInTheEnd(t *testing.T) {
	client := connect(t, serve(t))
	request := order()
	request.GoodsNum = common.Uint64Ptr(2)
	ids, dealID := creates(t, client, request)
	equal(t, "instances", len(ids), 2)
	for _, id := range ids {
		fresh := instance(t, client, id)
		if *fresh.Status != 0 && *fresh.Status != processing {
			t.Fatalf("Status %d", *fresh.Status)
		}
	}
	for _, id := range ids {
		seen := eventually(
			func() *redis.InstanceSet { return instance(t, client, id) },
			func(seen *redis.InstanceSet) bool { return *seen.Status == running },
		)
		equal(t, "Status", *seen.Status, running)
	}
	done := isDelivered(t, client, dealID)
	equal(t, "GoodsNum", *done.GoodsNum, 2)
	equal(t, "InstanceIds", len(done.InstanceIds), 2)
}

func TestADealIsFoundByItsNameToo(t *testing.T) {
	client := connect(t, serve(t))
	dealID := upgrades(t, client, upgradeOf(instanceID, 4096))
	request := redis.NewDescribeInstanceDealDetailRequest()
	request.DealName = common.StringPtr(dealID)
	found, err := client.DescribeInstanceDealDetail(request)
	must(t, err)
	equal(t, "DealId", *found.Response.DealDetails[0].DealId, dealID)

	request.DealName = common.StringPtr("1")
	none, err := client.DescribeInstanceDealDetail(request)
	must(t, err)
	equal(t, "deals", len(none.Response.DealDetails), 0)
}

func TestARenewalMovesTheEndByItsMonths(t *testing.T) {
	client := connect(t, serveInstances(t, prepaid))
	inquiry := redis.NewInquiryPriceRenewInstanceRequest()
	inquiry.InstanceId, inquiry.Period = common.StringPtr(prepaidID), common.Uint64Ptr(3)
	asked, err := client.InquiryPriceRenewInstance(inquiry)
	must(t, err)
	price := asked.Response
	isPrice(t, price.Price, price.HighPrecisionPrice, price.OriginalPrice, price.HighPrecisionOriginalPrice)
	equal(t, "Currency", *price.Currency, "CNY")

	renew := redis.NewRenewInstanceRequest()
	renew.InstanceId, renew.Period = common.StringPtr(prepaidID), common.Uint64Ptr(3)
	renewed, err := client.RenewInstance(renew)
	must(t, err)
	dealID := dealOf(t, renewed.Response.DealId, renewed.Response.DealName, renewed.Response.RequestId)
	done := isDelivered(t, client, dealID)
	equal(t, "InstanceIds of the deal", *done.InstanceIds[0], prepaidID)
	equal(t, "Price of the deal", *done.Price, int64(math.Round(*price.Price)))
	equal(t, "DeadlineTime", *instance(t, client, prepaidID).DeadlineTime, "2036-04-15 10:00:00")
}

func TestModifyInstanceChargeTypeSaysOfWhichItCouldNot(t *testing.T) {
	client := connect(t, serveInstances(t, standard))
	changes := func(to string) []*redis.FailedInstance {
		t.Helper()
		request := redis.NewModifyInstanceChargeTypeRequest()
		request.InstanceIds = common.StringPtrs([]string{standardID})
		request.InstanceChargeType = common.StringPtr(to)
		if to == "PREPAID" {
			request.Period = common.Uint64Ptr(1)
		}
		answer, err := client.ModifyInstanceChargeType(request)
		must(t, err)
		return answer.Response.FailedInstanceIds
	}
	failed := changes("POSTPAID")
	equal(t, "failures", len(failed), 1)
	equal(t, "InstanceId", *failed[0].InstanceId, standardID)
	if *failed[0].Message == "" {
		t.Fatal("a failure without a message")
	}
	equal(t, "BillingMode", *instance(t, client, standardID).BillingMode, 0)

	equal(t, "failures", len(changes("PREPAID")), 0)
	seen := eventually(
		func() *redis.InstanceSet { return instance(t, client, standardID) },
		func(seen *redis.InstanceSet) bool { return *seen.BillingMode == 1 && *seen.Status == running },
	)
	equal(t, "BillingMode", *seen.BillingMode, 1)
	equal(t, "Status", *seen.Status, running)
}

func TestACloneOfABackupIsAnInstanceOfItsOwn(t *testing.T) {
	const backupID = "165706342-5832225-1641692389"
	client := connect(t, serveFixture(t, `{"Accounts": [{"Instances": [`+standard+`],
		"Backups": [{"BackupId": "`+backupID+`", "InstanceId": "crs-standard"}]}]}`))
	request := redis.NewCloneInstancesRequest()
	request.InstanceId = common.StringPtr(standardID)
	request.BackupId = common.StringPtr(backupID)
	request.GoodsNum = common.Uint64Ptr(1)
	request.ZoneId = common.Uint64Ptr(100003)
	request.BillingMode = common.Int64Ptr(0)
	request.Period = common.Uint64Ptr(1)
	request.SecurityGroupIdList = common.StringPtrs([]string{"sg-kjf3e0wx"})
	request.VpcId = common.StringPtr("vpc-8xm0r2ks")
	request.SubnetId = common.StringPtr("subnet-1jq7f0ue")
	request.Password = common.StringPtr("correct-Horse_7")
	answer, err := client.CloneInstances(request)
	must(t, err)
	cloned := answer.Response
	dealID := dealOf(t, cloned.DealId, cloned.DealName, cloned.RequestId)
	equal(t, "instances", len(cloned.InstanceIds), 1)

	seen := passesInto(t, client, *cloned.InstanceIds[0], running)
	equal(t, "Type", *seen.Type, 8)
	equal(t, "Size", *seen.Size, 1024)
	equal(t, "InstanceIds of the deal", *isDelivered(t, client, dealID).InstanceIds[0], *cloned.InstanceIds[0])
	instance(t, client, standardID)
}

func TestPricesBeforeAnythingIsOrdered(t *testing.T) {
	client := connect(t, serveInstances(t, prepaid))
	costs := func(goods uint64) float64 {
		t.Helper()
		request := redis.NewInquiryPriceCreateInstanceRequest()
		request.TypeId = common.Uint64Ptr(8)
		request.MemSize = common.Uint64Ptr(2048)
		request.GoodsNum = common.Uint64Ptr(goods)
		request.Period = common.Uint64Ptr(1)
		request.BillingMode = common.Int64Ptr(1)
		request.ZoneName = common.StringPtr("ap-guangzhou-3")
		request.RedisShardNum = common.Int64Ptr(1)
		request.RedisReplicasNum = common.Int64Ptr(1)
		answer, err := client.InquiryPriceCreateInstance(request)
		must(t, err)
		price := answer.Response
		isPrice(t, price.Price, price.HighPrecisionPrice, price.OriginalPrice, price.HighPrecisionOriginalPrice)
		return *price.OriginalPrice
	}
	equal(t, "price of two", costs(2), 2*costs(1))

	inquiry := redis.NewInquiryPriceUpgradeInstanceRequest()
	inquiry.InstanceId, inquiry.MemSize = common.StringPtr(prepaidID), common.Uint64Ptr(4096)
	answer, err := client.InquiryPriceUpgradeInstance(inquiry)
	must(t, err)
	price := answer.Response
	isPrice(t, price.Price, price.HighPrecisionPrice, price.OriginalPrice, price.HighPrecisionOriginalPrice)
	equal(t, "AmountUnit", *price.AmountUnit, "pent")
	equal(t, "Size", *instance(t, client, prepaidID).Size, 1024)
}

func isPrice(t *testing.T, parts ...*float64) {
	t.Helper()
	for n, part := range parts {
		if part == nil || *part <= 0 {
			t.Fatalf("part %d of the price: %v", n, part)
		}
	}
}
