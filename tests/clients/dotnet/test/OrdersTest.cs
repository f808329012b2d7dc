using System.Linq;
using TencentCloud.Redis.V20180412.Models;
using Xunit;

namespace CrsLocal
{
    /// <summary>What is bought and what it costs.</summary>
    public class OrdersTest : ClientTest
    {
        private const string Postpaid = "crs-postpaid";
        private const string Prepaid = "crs-prepaid0";

        [Fact]
        public void WhatWasBoughtIsListedAtOnceAndRunsInTheEnd()
        {
            var client = Client(Serve("--flow-time", "200ms"));
            var bought = client.CreateInstancesSync(new CreateInstancesRequest
            {
                TypeId = 8,
                MemSize = 2048,
                RedisShardNum = 1,
                RedisReplicasNum = 1,
                GoodsNum = 2,
                Period = 1,
                BillingMode = 0,
                ZoneName = "ap-guangzhou-3",
                VpcId = "vpc-8xm0r2ks",
                SubnetId = "subnet-1jq7f0ue",
                InstanceName = "orders",
                Password = "correct-Horse_7",
            });
            Assert.Equal(2, bought.InstanceIds.Distinct().Count());
            foreach (var id in bought.InstanceIds)
            {
                var fresh = Find(client, id);
                Assert.Contains(Whole(fresh.Status), new long[] { 0, 1 });
                Assert.Equal(8, Whole(fresh.Type));
                Assert.Equal(2048, fresh.Size.Value);
            }
            foreach (var id in bought.InstanceIds)
            {
                Eventually(client, id, seen => Whole(seen.Status) == Running);
            }
            AssertDelivered(client, SameDeal(bought.DealId, bought.DealName), bought.InstanceIds);
        }

        [Fact]
        public void ADealIsFoundByItsNameTooAndAnUnknownOneIsNone()
        {
            var client = Client(ServeFixtures("instances"));
            var deal = Resize(client, Postpaid, 2048).DealName;
            var found = client.DescribeInstanceDealDetailSync(new DescribeInstanceDealDetailRequest { DealName = deal });
            Assert.Equal(deal, Assert.Single(found.DealDetails).DealId);
            var none = client.DescribeInstanceDealDetailSync(
                new DescribeInstanceDealDetailRequest { DealIds = new[] { "1" } });
            Assert.Empty(none.DealDetails);
        }

        [Fact]
        public void ARenewalMovesTheEndByItsMonths()
        {
            var client = Client(ServeFixtures("instances"));
            var price = client.InquiryPriceRenewInstanceSync(
                new InquiryPriceRenewInstanceRequest { InstanceId = Prepaid, Period = 3 });
            Assert.True(price.Price > 0);
            var renewal = client.RenewInstanceSync(new RenewInstanceRequest { InstanceId = Prepaid, Period = 3 });
            var renewed = Eventually(client, Prepaid, seen => seen.DeadlineTime == "2036-04-15 10:00:00");
            Assert.Equal(Running, Whole(renewed.Status));
            AssertDelivered(client, SameDeal(renewal.DealId, renewal.DealName), Prepaid);
        }

        [Fact]
        public void TheChargeTypeIsSwitchedAndFailuresAreListed()
        {
            var client = Client(ServeFixtures("instances"));
            var request = new ModifyInstanceChargeTypeRequest
            {
                InstanceIds = new[] { Postpaid },
                InstanceChargeType = "POSTPAID",
            };
            var failure = Assert.Single(client.ModifyInstanceChargeTypeSync(request).FailedInstanceIds);
            Assert.Equal(Postpaid, failure.InstanceId);
            Assert.Contains("postpaid", failure.Message);
            Assert.Equal(0, Whole(Find(client, Postpaid).BillingMode));

            request.InstanceChargeType = "PREPAID";
            request.Period = 1;
            Assert.Empty(client.ModifyInstanceChargeTypeSync(request).FailedInstanceIds);
            Eventually(client, Postpaid, seen => Whole(seen.Status) == Running && Whole(seen.BillingMode) == 1);
        }

        [Fact]
        public void ACloneOfABackupIsAnInstanceOfItsOwn()
        {
            var client = Client(ServeFixtures("instances", "clones"));
            var cloned = client.CloneInstancesSync(new CloneInstancesRequest
            {
                InstanceId = Postpaid,
                BackupId = "165706342-5832225-1641692389",
                GoodsNum = 1,
                ZoneId = 100003,
                BillingMode = 0,
                Period = 1,
                SecurityGroupIdList = new[] { "sg-kjf3e0wx" },
                InstanceName = "clone",
                VpcId = "vpc-local000",
                SubnetId = "subnet-local000",
                Password = "correct-Horse_7",
            });
            var id = Assert.Single(cloned.InstanceIds);
            Assert.NotEqual(Postpaid, id);
            var clone = Eventually(client, id, seen => Whole(seen.Status) == Running);
            Assert.Equal(8, Whole(clone.Type));
            Assert.Equal(1024, clone.Size.Value);
            Assert.Equal("clone", clone.InstanceName);
            AssertDelivered(client, SameDeal(cloned.DealId, cloned.DealName), id);
        }

        /// <summary>The first is the official example of the action, whose price this is, in hundredths of CNY.</summary>
        [Fact]
        public void APriceIsToldBeforeAnythingIsOrdered()
        {
            var client = Client(ServeFixtures("instances"));
            var price = client.InquiryPriceCreateInstanceSync(new InquiryPriceCreateInstanceRequest
            {
                TypeId = 9,
                MemSize = 4096,
                RedisShardNum = 1,
                RedisReplicasNum = 1,
                GoodsNum = 3,
                Period = 1,
                BillingMode = 0,
                ZoneName = "ap-guangzhou-3",
            });
            Assert.Equal(280, price.Price.Value);
            Assert.Equal(280.02, price.HighPrecisionPrice.Value, 2);
            Assert.Equal("CNY", price.Currency);

            var upgrade = client.InquiryPriceUpgradeInstanceSync(
                new InquiryPriceUpgradeInstanceRequest { InstanceId = Postpaid, MemSize = 2048 });
            Assert.True(upgrade.Price > 0);
            Assert.Equal(7, Whole(client.DescribeInstancesSync(new DescribeInstancesRequest()).TotalCount));
        }
    }
}
