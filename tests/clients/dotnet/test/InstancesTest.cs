using System;
using System.Linq;
using TencentCloud.Redis.V20180412;
using TencentCloud.Redis.V20180412.Models;
using Xunit;

namespace CrsLocal
{
    /// <summary>What an instance is called, how it ends, and the lists it stands in.</summary>
    public class InstancesTest : ClientTest
    {
        private const string Postpaid = "crs-postpaid";
        private const string Prepaid = "crs-prepaid0";
        private const string NoTime = "0000-00-00 00:00:00";

        [Fact]
        public void InstancesAreRenamedMovedRenewedAndProtected()
        {
            var client = Client(ServeFixtures("instances"));
            var request = new ModifyInstanceRequest
            {
                Operation = "rename",
                InstanceIds = new[] { Prepaid, Postpaid },
                InstanceNames = new[] { "订单", "orders-2" },
            };
            Assert.Matches(Uuid, client.ModifyInstanceSync(request).RequestId);
            Assert.Equal("订单", Find(client, Prepaid).InstanceName);
            Assert.Equal("orders-2", Find(client, Postpaid).InstanceName);

            client.ModifyInstanceSync(new ModifyInstanceRequest
            {
                Operation = "modifyProject",
                InstanceIds = new[] { Prepaid, Postpaid },
                ProjectId = 7,
            });
            Assert.Equal(7, Whole(Find(client, Prepaid).ProjectId));

            client.ModifyInstanceSync(new ModifyInstanceRequest
            {
                Operation = "modifyAutoRenew",
                InstanceIds = new[] { Prepaid },
                AutoRenews = new long?[] { 1 },
            });
            Assert.Equal(1, Whole(Find(client, Prepaid).AutoRenewFlag));

            client.ModifyInstanceSync(new ModifyInstanceRequest
            {
                Operation = "modifyDeleteProtectionSwitch",
                InstanceIds = new[] { Prepaid },
                DeleteProtectionSwitches = new long?[] { 1 },
            });
            Refused(() => client.DestroyPrepaidInstanceSync(new DestroyPrepaidInstanceRequest { InstanceId = Prepaid }));
            Assert.Equal(Running, Whole(Find(client, Prepaid).Status));
        }

        private static long CleanUp(RedisClient client, string instanceId)
        {
            return Whole(client.CleanUpInstanceSync(new CleanUpInstanceRequest { InstanceId = instanceId }).TaskId);
        }

        [Fact]
        public void APostpaidInstanceIsDestroyedAndCleanedUpAndItsTasksStay()
        {
            var client = Client(ServeFixtures("instances"));
            var destroyed = Whole(client.DestroyPostpaidInstanceSync(
                new DestroyPostpaidInstanceRequest { InstanceId = Postpaid }).TaskId);
            Processed(client, Postpaid, ToBeDeleted);
            AssertSucceeds(client, destroyed, Postpaid);

            AssertSucceeds(client, CleanUp(client, Postpaid), Postpaid);
            var found = client.DescribeInstancesSync(new DescribeInstancesRequest { InstanceId = Postpaid });
            Assert.Equal(0, Whole(found.TotalCount));
            AssertSucceeds(client, destroyed, Postpaid);
            AssertRefused("ResourceNotFound.InstanceNotExists", () => Resize(client, Postpaid, 2048));
        }

        [Fact]
        public void APostpaidInstanceIsIsolatedAndStartedUpAgain()
        {
            var client = Client(ServeFixtures("instances"));
            client.DestroyPostpaidInstanceSync(new DestroyPostpaidInstanceRequest { InstanceId = Postpaid });
            Assert.NotEqual(NoTime, Processed(client, Postpaid, ToBeDeleted).CloseTime);

            var started = client.StartupInstanceSync(new StartupInstanceRequest { InstanceId = Postpaid });
            Assert.Null(started.TaskId);
            Assert.Equal(NoTime, Processed(client, Postpaid).CloseTime);
        }

        /// <summary>What was returned has been paid back: it is renewed, not started up.</summary>
        [Fact]
        public void APrepaidInstanceIsReturnedAndPaidForAgain()
        {
            var client = Client(ServeFixtures("instances"));
            var returned = client.DestroyPrepaidInstanceSync(
                new DestroyPrepaidInstanceRequest { InstanceId = Prepaid });
            SameDeal(returned.DealId, returned.DealName);
            Assert.NotEqual(NoTime, Processed(client, Prepaid, Isolated).CloseTime);

            var renewed = client.RenewInstanceSync(new RenewInstanceRequest { InstanceId = Prepaid, Period = 1 });
            Assert.Equal(NoTime, Processed(client, Prepaid).CloseTime);
            AssertDelivered(client, SameDeal(renewed.DealId, renewed.DealName), Prepaid);
        }

        [Fact]
        public void OnlyWhatIsIsolatedIsCleanedUp()
        {
            var client = Client(ServeFixtures("instances"));
            AssertRefused("ResourceUnavailable.InstanceStatusAbnormal", () => CleanUp(client, Postpaid));
            foreach (var id in new[] { "crs-isolate1", "crs-isolate2" })
            {
                AssertSucceeds(client, CleanUp(client, id), id);
            }
        }

        [Fact]
        public void TheOlderListSaysTheSameInOlderWords()
        {
            var client = Client(ServeFixtures("instances"));
            var found = client.DescribeCommonDBInstancesSync(
                new DescribeCommonDBInstancesRequest { InstanceIds = new[] { Postpaid } });
            Assert.Equal(1, Whole(found.TotalCount));
            var seen = Assert.Single(found.InstanceDetails);
            var known = Find(client, Postpaid);
            Assert.Equal(Postpaid, seen.InstanceId);
            Assert.Equal(known.InstanceName, seen.InstanceName);
            Assert.Equal("2", seen.Status);
            Assert.Equal(new[] { known.WanIp }, seen.Vips);
            Assert.Equal(Whole(known.Port), Whole(seen.Vport));
            Assert.Equal(Whole(known.Appid), Whole(seen.AppId));
        }

        [Fact]
        public void DedicatedClustersAreListedAndSummedUp()
        {
            var client = Client(ServeFixtures("clusters"));
            var found = client.DescribeRedisClustersSync(new DescribeRedisClustersRequest { Limit = 10, Offset = 0 });
            Assert.Equal(1, Whole(found.Total));
            var cluster = Assert.Single(found.Resources);
            Assert.Equal("crs-cdc-local000", cluster.RedisClusterId);
            Assert.Equal("cluster-local000", cluster.DedicatedClusterId);
            Assert.Equal("dedicated", cluster.ClusterName);

            var none = client.DescribeRedisClustersSync(
                new DescribeRedisClustersRequest { RedisClusterIds = new[] { "crs-cdc-00000000" } });
            Assert.Equal(0, Whole(none.Total));
            Assert.Empty(none.Resources);

            var overview = client.DescribeRedisClusterOverviewSync(
                new DescribeRedisClusterOverviewRequest { DedicatedClusterId = "cluster-local000" });
            Assert.True(Whole(overview.TotalBundle) >= 0);
            Assert.True(Whole(overview.TotalMemory) >= 0);
        }

        [Fact]
        public void WhatCanBeBoughtIsListedByRegionAndZone()
        {
            var client = Client(Serve());
            var regions = client.DescribeProductInfoSync(new DescribeProductInfoRequest()).RegionSet;
            var zone = regions.Single(conf => conf.RegionId == Region)
                .ZoneSet.Single(conf => conf.ZoneName == "ap-guangzhou-3");
            Assert.False(zone.IsSaleout);
            Assert.Equal(100003, Whole(zone.OldZoneId));
            var standard = zone.ProductSet.Single(conf => Whole(conf.Type) == 8 && conf.PayMode == "0");
            Assert.Equal(new[] { "1" }, standard.ShardNum);
            Assert.Contains("4", standard.TotalSize);
        }
    }
}
