using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using Newtonsoft.Json.Linq;
using TencentCloud.Common;
using TencentCloud.Common.Profile;
using TencentCloud.Redis.V20180412;
using TencentCloud.Redis.V20180412.Models;
using Xunit;

// A burst of calls is counted by the second: nothing else may take the machine then.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace CrsLocal
{
    /// <summary>Starts servers, makes clients of them, and asks what every test asks.</summary>
    public abstract class ClientTest : IDisposable
    {
        protected const string Instance = "crs-5qlrlhux";
        protected const string Region = "ap-guangzhou";
        protected const string Uuid = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$";
        protected const string Tc3 = "TC3-HMAC-SHA256";
        protected const long InProcess = 1;
        protected const long Running = 2;
        protected const long Isolated = -2;
        protected const long ToBeDeleted = -3;
        protected const long Delivered = 4;

        private readonly List<Server> running = new List<Server>();

        /// <summary>Nothing of the caller's environment leads the clients of this process elsewhere.</summary>
        static ClientTest()
        {
            foreach (var name in new[] { "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY" })
            {
                Environment.SetEnvironmentVariable(name, null);
                Environment.SetEnvironmentVariable(name.ToLowerInvariant(), null);
            }
        }

        /// <summary>Every way in which the SDK can send a call.</summary>
        public static IEnumerable<object[]> Forms
        {
            get
            {
                foreach (var signature in new[] { Tc3, "HmacSHA1", "HmacSHA256" })
                {
                    yield return new object[] { signature, "POST" };
                    yield return new object[] { signature, "GET" };
                }
            }
        }

        /// <summary>With the built-in fixture, unless the flags name another.</summary>
        protected Server Serve(params string[] flags)
        {
            var server = new Server(flags);
            running.Add(server);
            return server;
        }

        /// <summary>With some of the shared fixtures, and flows that are short but long enough to be seen.</summary>
        protected Server ServeFixtures(params string[] names)
        {
            var flags = new List<string> { "--flow-time", "200ms" };
            foreach (var name in names)
            {
                flags.Add("--fixture");
                flags.Add(Path.Combine(Server.Root, "tests", "clients", "fixtures", name + ".json"));
            }
            return Serve(flags.ToArray());
        }

        public void Dispose()
        {
            foreach (var server in running)
            {
                Assert.Equal(0, server.Stop());
            }
        }

        protected static Credential Key(string secretId, string secretKey, string token = null)
        {
            return new Credential { SecretId = secretId, SecretKey = secretKey, Token = token };
        }

        protected static ClientProfile Profile(Server server, string signature = Tc3, string method = "POST")
        {
            var http = new HttpProfile { Protocol = HttpProfile.REQ_HTTP, Endpoint = server.Host, ReqMethod = method };
            // DEFAULT would mean Chinese in TC3 and English in the older forms.
            return new ClientProfile(signature, http) { Language = Language.EN_US };
        }

        protected static RedisClient Client(
            Server server,
            string signature = Tc3,
            string method = "POST",
            Credential key = null,
            string region = Region)
        {
            return new RedisClient(key ?? Key("AKIDlocal", "local"), region, Profile(server, signature, method));
        }

        /// <summary>Calls an action that this version of the SDK has no class for; answers its members.</summary>
        protected static JToken CallByName(Server server, string action, JObject members)
        {
            var client = new CommonClient(
                "redis", "2018-04-12", Key("AKIDlocal", "local"), Region, Profile(server));
            var answer = client.CallAsync(new CommonRequest(members), action).GetAwaiter().GetResult();
            var response = JObject.Parse(answer)["Response"];
            Assert.Matches(Uuid, (string)response["RequestId"]);
            return response;
        }

        /// <summary>Makes a call that must fail; answers the SDK's exception, which must be whole.</summary>
        protected static TencentCloudSDKException Refused(Func<object> call)
        {
            var refusal = Assert.Throws<TencentCloudSDKException>(call);
            Assert.Matches(Uuid, refusal.RequestId);
            Assert.NotEqual("", refusal.Message);
            return refusal;
        }

        protected static void AssertRefused(string code, Func<object> call)
        {
            Assert.Equal(code, Refused(call).ErrorCode);
        }

        // The SDK's whole numbers are long? or ulong?, whatever the member.
        protected static long Whole(long? value)
        {
            return value.Value;
        }

        protected static long Whole(ulong? value)
        {
            return checked((long)value.Value);
        }

        protected static UpgradeInstanceResponse Resize(RedisClient client, string instanceId, ulong memMb)
        {
            var ordered = client.UpgradeInstanceSync(
                new UpgradeInstanceRequest { InstanceId = instanceId, MemSize = memMb });
            Assert.Matches(Uuid, ordered.RequestId);
            return ordered;
        }

        protected static InstanceSet Find(RedisClient client, string instanceId = Instance)
        {
            var found = client.DescribeInstancesSync(new DescribeInstancesRequest { InstanceId = instanceId });
            Assert.Equal(1, Whole(found.TotalCount));
            return Assert.Single(found.InstanceSet);
        }

        /// <summary>Looks until the instance is what is wanted; answers it, or fails after ten seconds.</summary>
        protected static InstanceSet Eventually(RedisClient client, string instanceId, Func<InstanceSet, bool> wanted)
        {
            var patience = Stopwatch.StartNew();
            var seen = Find(client, instanceId);
            while (!wanted(seen))
            {
                Assert.True(patience.Elapsed.TotalSeconds < 10, $"{instanceId} did not become what was waited for");
                Thread.Sleep(50);
                seen = Find(client, instanceId);
            }
            return seen;
        }

        /// <summary>Sees the instance in process first, then waits until it has that status.</summary>
        protected static InstanceSet Processed(RedisClient client, string instanceId, long status = Running)
        {
            Assert.Equal(InProcess, Whole(Find(client, instanceId).Status));
            return Eventually(client, instanceId, seen => Whole(seen.Status) == status);
        }

        /// <summary>The order's number, which an answer gives twice for old clients and new ones.</summary>
        protected static string SameDeal(string dealId, string dealName)
        {
            Assert.Matches("^[0-9]+$", dealName);
            Assert.Equal(dealName, dealId);
            return dealName;
        }

        protected static TradeDealDetail Deal(RedisClient client, string dealId)
        {
            var found = client.DescribeInstanceDealDetailSync(
                new DescribeInstanceDealDetailRequest { DealIds = new[] { dealId } });
            var deal = Assert.Single(found.DealDetails);
            Assert.Equal(dealId, deal.DealName);
            return deal;
        }

        /// <summary>The order has been delivered: these instances, and when.</summary>
        protected static void AssertDelivered(RedisClient client, string dealId, params string[] instanceIds)
        {
            var deal = Deal(client, dealId);
            Assert.Equal(Delivered, Whole(deal.Status));
            Assert.Equal(instanceIds.OrderBy(id => id), deal.InstanceIds.OrderBy(id => id));
            Assert.NotEqual("", deal.EndTime);
        }

        /// <summary>Looks until the task has ended; it has to have succeeded, and to be this instance's.</summary>
        protected static void AssertSucceeds(RedisClient client, long taskId, string instanceId)
        {
            Assert.True(taskId > 0, $"task {taskId}");
            var request = new DescribeTaskInfoRequest { TaskId = (ulong)taskId };
            var patience = Stopwatch.StartNew();
            var task = client.DescribeTaskInfoSync(request);
            while (task.Status != "succeed")
            {
                Assert.Contains(task.Status, new[] { "preparing", "running" });
                Assert.True(patience.Elapsed.TotalSeconds < 10, $"task {taskId} did not end");
                Thread.Sleep(50);
                task = client.DescribeTaskInfoSync(request);
            }
            Assert.Equal(instanceId, task.InstanceId);
        }
    }
}
