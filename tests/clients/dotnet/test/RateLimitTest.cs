using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using TencentCloud.Common;
using TencentCloud.Redis.V20180412;
using Xunit;

namespace CrsLocal
{
    /// <summary>20 calls a second of one credential, action and region. The SDK itself never tries again.</summary>
    public class RateLimitTest : ClientTest
    {
        private const int Limit = 20;
        private const string Absent = "crs-00000000";
        private const string NotThere = "ResourceNotFound.InstanceNotExists";
        private const string TooMany = "RequestLimitExceeded";

        [Fact]
        public void The21stUpgradeOfASecondIsOneTooMany()
        {
            var client = Client(Serve());
            Refused(() => Resize(client, Absent, 4096)); // the first call of a process is a slow one
            var refusals = WithinOneSecond(client);
            Assert.Equal(Enumerable.Repeat(NotThere, Limit), refusals.Take(Limit).Select(refusal => refusal.ErrorCode));
            Assert.Equal(TooMany, refusals[Limit].ErrorCode);
            Assert.Contains("`21` in a second", refusals[Limit].Message);
            Assert.Equal(Instance, Find(client).InstanceId); // another action's count
        }

        /// <summary>21 calls just after a second has begun, anew until all of them fell into that second.</summary>
        private static List<TencentCloudSDKException> WithinOneSecond(RedisClient client)
        {
            for (var tries = 0; tries < 10; tries++)
            {
                Thread.Sleep((int)(1020 - DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() % 1000));
                var second = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
                var refusals = new List<TencentCloudSDKException>();
                for (var call = 0; call <= Limit; call++)
                {
                    refusals.Add(Refused(() => Resize(client, Absent, 4096)));
                }
                if (DateTimeOffset.UtcNow.ToUnixTimeSeconds() == second)
                {
                    return refusals;
                }
            }
            throw new InvalidOperationException("21 calls never fitted into one second");
        }

        [Fact]
        public void TheLimitCanBeSetAndTakenOff()
        {
            var limited = Client(Serve("--rate-limit", "documented,UpgradeInstance=1"));
            var codes = new List<string>();
            for (var call = 0; call < 12; call++)
            {
                codes.Add(Refused(() => Resize(limited, Absent, 4096)).ErrorCode);
            }
            Assert.Contains(TooMany, codes);
            Assert.Empty(codes.Except(new[] { TooMany, NotThere }));

            var free = Client(Serve("--rate-limit", "off"));
            for (var call = 0; call < 60; call++)
            {
                AssertRefused(NotThere, () => Resize(free, Absent, 4096));
            }
        }

        [Fact]
        public void AThrottledCallIsTriedAgainByTheCaller()
        {
            var server = Serve();
            server.Fault("DescribeInstances", TooMany, 2);
            var client = Client(server);
            AssertRefused(TooMany, () => Find(client));
            AssertRefused(TooMany, () => Find(client));
            Assert.Equal(Instance, Find(client).InstanceId);
        }
    }
}
