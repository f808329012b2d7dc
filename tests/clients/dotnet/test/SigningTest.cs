using TencentCloud.Common.Profile;
using TencentCloud.Redis.V20180412.Models;
using Xunit;

namespace CrsLocal
{
    /// <summary>
    /// Every signature the SDK can write, to a server that refuses whatever the real service refuses.
    /// The SDK signs every payload, and keeps its connections for five minutes.
    /// </summary>
    public class SigningTest : ClientTest
    {
        [Theory, MemberData(nameof(Forms), MemberType = typeof(ClientTest))]
        public void ListsAndOtherScriptsAreSigned(string signature, string method)
        {
            var client = Client(Serve("--auth", "strict"), signature, method);
            var request = new DescribeInstancesRequest
            {
                InstanceId = Instance,
                SearchKeys = new[] { "名称 a&b=c+d/*", "redis-2.8" },
                Limit = 10,
            };
            Assert.Equal(1, Whole(client.DescribeInstancesSync(request).TotalCount));
        }

        /// <summary>
        /// Over GET with TC3 the SDK signs a query with `%7E` for a tilde, and .NET's `Uri` sends `~`: what is
        /// signed is not what is sent.
        /// </summary>
        [Theory, MemberData(nameof(Forms), MemberType = typeof(ClientTest))]
        public void ATildeIsSignedOtherwiseThanItIsSentInAQuery(string signature, string method)
        {
            var client = Client(Serve("--auth", "strict"), signature, method);
            var request = new DescribeInstancesRequest { InstanceId = Instance, SearchKeys = new[] { "a~b", "redis-2.8" } };
            if (signature == Tc3 && method == "GET")
            {
                AssertRefused("AuthFailure.SignatureFailure", () => client.DescribeInstancesSync(request));
            }
            else
            {
                Assert.Equal(1, Whole(client.DescribeInstancesSync(request).TotalCount));
            }
        }

        [Theory]
        [InlineData(" ")] [InlineData("*")] [InlineData("!")] [InlineData("(")] [InlineData(")")] [InlineData("'")]
        [InlineData("/")] [InlineData("+")] [InlineData("=")] [InlineData("&")] [InlineData("%7E")] [InlineData("|")]
        [InlineData(",")] [InlineData(":")] [InlineData(";")] [InlineData("@")] [InlineData("$")] [InlineData("?")]
        [InlineData("#")] [InlineData("[")] [InlineData("]")] [InlineData("名")]
        public void EveryOtherCharacterOfAQueryIsSignedAsItIsSent(string text)
        {
            var client = Client(Serve("--auth", "strict"), Tc3, "GET");
            var request = new DescribeInstancesRequest
            {
                InstanceId = Instance,
                SearchKeys = new[] { "a" + text + "b", "redis-2.8" },
            };
            Assert.Equal(1, Whole(client.DescribeInstancesSync(request).TotalCount));
        }

        [Theory, MemberData(nameof(Forms), MemberType = typeof(ClientTest))]
        public void ATemporaryKeyNeedsItsToken(string signature, string method)
        {
            var server = ServeFixtures("instances");
            var whole = Client(server, signature, method, Key("AKIDtemporary", "temporary", "token-of-an-hour"));
            Assert.Equal("crs-postpaid", Find(whole, "crs-postpaid").InstanceId);
            foreach (var token in new[] { null, "another" })
            {
                var client = Client(server, signature, method, Key("AKIDtemporary", "temporary", token));
                AssertRefused("AuthFailure.TokenFailure", () => Find(client, "crs-postpaid"));
            }
        }

        [Theory, MemberData(nameof(Forms), MemberType = typeof(ClientTest))]
        public void MessagesComeInTheLanguageThatIsAskedFor(string signature, string method)
        {
            var client = Client(Serve(), signature, method, Key("AKIDlocal", "wrong"));
            Assert.DoesNotMatch("[\u4e00-\u9fff]", Refused(() => Find(client)).Message);
            client.Profile.Language = Language.ZH_CN;
            Assert.Matches("[\u4e00-\u9fff]", Refused(() => Find(client)).Message);
        }

        /// <summary>With TC3 the SDK sends `X-TC-Region` with nothing in it; in a form it leaves Region out.</summary>
        [Theory, MemberData(nameof(Forms), MemberType = typeof(ClientTest))]
        public void AnEmptyRegionIsRefused(string signature, string method)
        {
            var client = Client(Serve(), signature, method, region: "");
            AssertRefused(signature == Tc3 ? "InvalidParameterValue" : "MissingParameter", () => Find(client));
        }

        [Theory, MemberData(nameof(Forms), MemberType = typeof(ClientTest))]
        public void AConnectionIsKept(string signature, string method)
        {
            var client = Client(Serve("--rate-limit", "off"), signature, method);
            for (var call = 0; call < 60; call++)
            {
                Assert.Equal(Instance, Find(client).InstanceId);
            }
        }
    }
}
