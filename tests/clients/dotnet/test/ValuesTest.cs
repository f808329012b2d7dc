using System.Linq;
using Newtonsoft.Json.Linq;
using TencentCloud.Redis.V20180412.Models;
using Xunit;

namespace CrsLocal
{
    /// <summary>Values of every kind, in both directions.</summary>
    public class ValuesTest : ClientTest
    {
        private const string Name = "订单缓存-1_a";
        private static readonly long[] Zones = { 100003, 100004, 100006 };

        private static CreateInstancesRequest Order()
        {
            return new CreateInstancesRequest
            {
                TypeId = 17,
                MemSize = 2048,
                GoodsNum = 1,
                Period = 1,
                BillingMode = 0,
                ZoneName = "ap-guangzhou-3",
                VpcId = "vpc-8xm0r2ks",
                SubnetId = "subnet-1jq7f0ue",
                InstanceName = Name,
                NoAuth = true,
                ReplicasReadonly = false,
                RedisShardNum = 1,
                RedisReplicasNum = 2,
                SecurityGroupIdList = new[] { "sg-kjf3e0wx", "sg-0pq2rn5t" },
                NodeSet = new[]
                {
                    new RedisNodeInfo { NodeType = 0, ZoneId = 100003 },
                    new RedisNodeInfo { NodeType = 1, ZoneId = 100004 },
                    new RedisNodeInfo { NodeType = 1, ZoneId = 100006 },
                },
                ResourceTags = new[]
                {
                    new ResourceTag { TagKey = "team", TagValue = "支付" },
                    new ResourceTag { TagKey = "env", TagValue = "a&b=c d" },
                },
                VPort = 6380,
            };
        }

        [Theory, MemberData(nameof(Forms), MemberType = typeof(ClientTest))]
        public void AnOrderWithListsObjectsAndBooleans(string signature, string method)
        {
            var client = Client(Serve("--auth", "strict", "--flow-time", "200ms"), signature, method);
            var id = Assert.Single(client.CreateInstancesSync(Order()).InstanceIds);
            var seen = Eventually(client, id, found => Whole(found.Status) == Running);
            Assert.Equal(Name, seen.InstanceName);
            Assert.True(seen.NoAuth);
            Assert.Equal(6380, Whole(seen.Port));
            Assert.Equal(0, Whole(seen.ProjectId));
            Assert.Equal(new[] { "team", "env" }, seen.InstanceTags.Select(tag => tag.TagKey));
            Assert.Equal(new[] { "支付", "a&b=c d" }, seen.InstanceTags.Select(tag => tag.TagValue));
            Assert.Equal(Zones, seen.NodeSet.Select(node => Whole(node.ZoneId)));
            Assert.All(seen.NodeSet, node => Assert.True(Whole(node.NodeId) > 0));
        }

        [Fact]
        public void EmptyListsAreListsBothWays()
        {
            var client = Client(Serve());
            var request = new DescribeInstancesRequest
            {
                InstanceId = Instance,
                SearchKeys = new string[0],
                Status = new long?[0],
            };
            var seen = Assert.Single(client.DescribeInstancesSync(request).InstanceSet);
            Assert.Empty(seen.InstanceTags);
            Assert.Empty(seen.InstanceNode);
            Assert.Empty(seen.NodeSet);
            Assert.False(seen.NoAuth);

            request.InstanceId = "crs-00000000";
            var nothing = client.DescribeInstancesSync(request);
            Assert.Equal(0, Whole(nothing.TotalCount));
            Assert.Empty(nothing.InstanceSet);
            Assert.Matches(Uuid, nothing.RequestId);
        }

        /// <summary>2^53 + 1, the first whole number that a double cannot hold.</summary>
        [Theory, MemberData(nameof(Forms), MemberType = typeof(ClientTest))]
        public void NumbersOf64BitsStayExact(string signature, string method)
        {
            const long taskId = 9007199254740993;
            var client = Client(ServeFixtures("instances"), signature, method);
            var task = client.DescribeTaskInfoSync(new DescribeTaskInfoRequest { TaskId = (ulong)taskId });
            Assert.Equal("crs-postpaid", task.InstanceId);
            var tasks = client.DescribeTaskListSync(new DescribeTaskListRequest { InstanceId = "crs-postpaid" });
            Assert.Equal(taskId, Whole(tasks.Tasks[0].TaskId));
        }

        /// <summary>The text of the answer is looked at, since a lenient reader takes 6379.0 for 6379.</summary>
        [Fact]
        public void WholeNumbersHaveNoPoint()
        {
            var answer = CallByName(Serve(), "DescribeInstances", new JObject { ["InstanceId"] = Instance });
            foreach (var member in new[] { "Port", "Status", "Type", "ZoneId", "Appid", "RedisShardSize" })
            {
                Assert.Equal(JTokenType.Integer, answer["InstanceSet"][0][member].Type);
            }
            Assert.Equal(JTokenType.Integer, answer["TotalCount"].Type);
        }

        /// <summary>What is null is what is left out; the SDK's typed requests never say null.</summary>
        [Fact]
        public void NullStandsForNothing()
        {
            var server = Serve();
            var members = new JObject { ["InstanceId"] = Instance, ["Limit"] = null, ["SearchKeys"] = null };
            Assert.Equal(1, (int)CallByName(server, "DescribeInstances", members)["TotalCount"]);

            var client = Client(server);
            var order = Order();
            order.ResourceTags = new[] { new ResourceTag() }; // as the official example
            var id = client.CreateInstancesSync(order).InstanceIds[0];
            Assert.Empty(Find(client, id).InstanceTags);
        }
    }
}
