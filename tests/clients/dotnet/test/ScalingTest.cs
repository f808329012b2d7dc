using System;
using System.Linq;
using Newtonsoft.Json.Linq;
using TencentCloud.Redis.V20180412.Models;
using Xunit;

namespace CrsLocal
{
    /// <summary>
    /// Size, edition, versions and zones. UpgradeInstanceProductVersion is newer than this version of
    /// the SDK and is called by name.
    /// </summary>
    public class ScalingTest : ClientTest
    {
        private const string Postpaid = "crs-postpaid";

        private static UpgradeInstanceRequest Cluster(ulong memMb, ulong shards, ulong replicas)
        {
            return new UpgradeInstanceRequest
            {
                InstanceId = "crs-cluster0",
                MemSize = memMb,
                RedisShardNum = shards,
                RedisReplicasNum = replicas,
            };
        }

        [Fact]
        public void ShardsAndReplicasOneChangeACall()
        {
            const string cluster = "crs-cluster0";
            var client = Client(ServeFixtures("instances"));
            var ordered = client.UpgradeInstanceSync(Cluster(1024, 5, 1));
            var larger = Processed(client, cluster);
            Assert.Equal(5, Whole(larger.RedisShardNum));
            Assert.Equal(5120, larger.Size.Value);
            AssertDelivered(client, SameDeal(ordered.DealId, ordered.DealName), cluster);

            ordered = client.UpgradeInstanceSync(Cluster(1024, 5, 2));
            Assert.Equal(2, Whole(Processed(client, cluster).RedisReplicasNum));
            AssertDelivered(client, ordered.DealName, cluster);

            AssertRefused(
                "InvalidParameter.InvalidParameter", () => client.UpgradeInstanceSync(Cluster(2048, 8, 2)));
        }

        [Fact]
        public void AnInstanceGetsAHigherEdition()
        {
            const string id = "crs-oldone00";
            var client = Client(ServeFixtures("instances"));
            var ordered = client.UpgradeInstanceVersionSync(
                new UpgradeInstanceVersionRequest { InstanceId = id, TargetInstanceType = "8", SwitchOption = 2 });
            Assert.Equal(8, Whole(Processed(client, id).Type));
            AssertDelivered(client, SameDeal(ordered.DealId, ordered.DealName), id);
        }

        [Fact]
        public void AnInstanceMovesToTheSecondGeneration()
        {
            var server = ServeFixtures("instances");
            var members = new JObject
            {
                ["InstanceId"] = Postpaid,
                ["TargetProductVersion"] = "localv2",
                ["SwitchOption"] = 2,
            };
            var ordered = CallByName(server, "UpgradeInstanceProductVersion", members);
            Assert.Matches("^[0-9]+$", (string)ordered["DealName"]);
            Assert.Equal("localv2", Processed(Client(server), Postpaid).ProductVersion);
        }

        [Fact]
        public void NewerKernelAndProxyAreTaken()
        {
            const string id = "crs-version0";
            var client = Client(ServeFixtures("versions"));
            var before = Find(client, id);
            var kernel = client.UpgradeSmallVersionSync(new UpgradeSmallVersionRequest
            {
                InstanceId = id,
                CurrentRedisVersion = before.CurrentRedisVersion,
                UpgradeRedisVersion = before.UpgradeRedisVersion,
                InstanceTypeUpgradeNow = 1,
            });
            Assert.Equal("6.1.0", Processed(client, id).CurrentRedisVersion);
            AssertSucceeds(client, Whole(kernel.FlowId), id);

            var proxy = client.UpgradeProxyVersionSync(new UpgradeProxyVersionRequest
            {
                InstanceId = id,
                CurrentProxyVersion = before.CurrentProxyVersion,
                UpgradeProxyVersion = before.UpgradeProxyVersion,
                InstanceTypeUpgradeNow = 1,
            });
            Assert.Equal("5.8.0", Processed(client, id).CurrentProxyVersion);
            AssertSucceeds(client, Whole(proxy.FlowId), id);
        }

        [Fact]
        public void BecomingFitForSeveralZonesIsAFlow()
        {
            var client = Client(ServeFixtures("instances"));
            var answer = client.UpgradeVersionToMultiAvailabilityZonesSync(
                new UpgradeVersionToMultiAvailabilityZonesRequest
                {
                    InstanceId = Postpaid,
                    UpgradeProxyAndRedisServer = true,
                });
            Processed(client, Postpaid);
            AssertSucceeds(client, Whole(answer.FlowId), Postpaid);
        }

        [Fact]
        public void NodesMoveToOtherZones()
        {
            const string id = "crs-zones000";
            var client = Client(ServeFixtures("instances"));
            var wanted = Find(client, id).NodeSet
                .Select(node => new RedisNodeInfo { NodeId = node.NodeId, NodeType = node.NodeType, ZoneId = node.ZoneId })
                .ToArray();
            Assert.Equal(3, wanted.Length);
            wanted[2].ZoneId = wanted[1].ZoneId;
            var answer = client.ModifyInstanceAvailabilityZonesSync(
                new ModifyInstanceAvailabilityZonesRequest { InstanceId = id, SwitchOption = 2, NodeSet = wanted });
            var moved = Processed(client, id).NodeSet;
            Assert.Equal(
                wanted.Select(node => Whole(node.ZoneId)).OrderBy(zone => zone),
                moved.Select(node => Whole(node.ZoneId)).OrderBy(zone => zone));
            AssertSucceeds(client, Whole(answer.TaskId), id);
        }

        [Fact]
        public void WhatWaitsForTheWindowIsSwitchedAtOnce()
        {
            var server = ServeFixtures("instances");
            var client = Client(server);
            // A maintenance window, in China time, that is hours away whenever this runs.
            var hour = (DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(8)).Hour + 8) % 23;
            var window = new JObject { ["StartTime"] = $"{hour:00}:00", ["EndTime"] = $"{hour + 1:00}:00" };
            server.Control("PATCH", "/_crs/instances/" + Postpaid, new JObject { ["MaintenanceWindow"] = window });

            var ordered = client.UpgradeInstanceSync(
                new UpgradeInstanceRequest { InstanceId = Postpaid, MemSize = 2048, SwitchOption = 1 });
            var waiting = Find(client, Postpaid);
            Assert.Equal(Running, Whole(waiting.Status));
            Assert.Equal(1024, waiting.Size.Value);

            var switched = client.SwitchAccessNewInstanceSync(
                new SwitchAccessNewInstanceRequest { InstanceId = Postpaid });
            Assert.Matches(Uuid, switched.RequestId);
            Eventually(client, Postpaid, seen => Whole(seen.Status) == Running && seen.Size == 2048);
            AssertDelivered(client, SameDeal(ordered.DealId, ordered.DealName), Postpaid);
        }
    }
}
