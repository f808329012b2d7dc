using System.Diagnostics;
using TencentCloud.Redis.V20180412.Models;
using Xunit;

namespace CrsLocal
{
    /// <summary>The main job: a resize, from the order to the running instance.</summary>
    public class UpgradeTest : ClientTest
    {
        [Theory, MemberData(nameof(Forms), MemberType = typeof(ClientTest))]
        public void AnUpgradeIsOrderedSeenInProcessAndDelivered(string signature, string method)
        {
            var client = Client(Serve("--flow-time", "300ms"), signature, method);
            var before = Find(client);
            Assert.Equal(Running, Whole(before.Status));
            Assert.Equal(1024, before.Size.Value);
            Assert.Equal(1024, Whole(before.RedisShardSize));

            var ordered = Resize(client, Instance, 4096);
            var deal = SameDeal(ordered.DealId, ordered.DealName);

            var during = Find(client);
            Assert.Equal(InProcess, Whole(during.Status));
            Assert.Equal(1024, during.Size.Value); // the old size stands until the flow has ended
            Assert.Contains(Whole(Deal(client, deal).Status), new long[] { 2, 3 });

            var after = Eventually(client, Instance, seen => Whole(seen.Status) == Running);
            Assert.Equal(4096, after.Size.Value);
            Assert.Equal(4096, Whole(after.RedisShardSize));
            AssertDelivered(client, deal, Instance);
        }

        /// <summary>
        /// The snippet as it is printed, endpoint and all: a process of its own is given the server
        /// as its proxy, so that port 8239 need not be free here.
        /// </summary>
        [Fact]
        public void TheSnippetUpgradesAndWaits()
        {
            var server = Serve("--flow-time", "300ms");
            var start = new ProcessStartInfo("dotnet")
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            };
            start.ArgumentList.Add(typeof(Upgrade).Assembly.Location);
            Server.Clean(start);
            start.Environment["http_proxy"] = $"http://{server.Host}";
            using (var snippet = Process.Start(start))
            {
                var said = snippet.StandardOutput.ReadToEnd();
                Assert.True(snippet.WaitForExit(30000));
                Assert.Equal(0, snippet.ExitCode);
                Assert.Matches("^ordered: [0-9]+\\s+status 2, 4096 MB\\s*$", said);
            }
            Assert.Equal(4096, Find(Client(server)).Size.Value);
        }
    }
}
