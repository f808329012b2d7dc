using System.Collections.Generic;
using System.IO;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using TencentCloud.Redis.V20180412;
using TencentCloud.Redis.V20180412.Models;
using Xunit;

namespace CrsLocal
{
    /// <summary>Errors as the SDK's exception: exactly that code, a message, and the id of the request.</summary>
    public class ErrorsTest : ClientTest
    {
        /// <summary>The seed `fixtures/errors/CODE.json`, and the size in MB to ask for.</summary>
        private static readonly Dictionary<string, ulong> Founding = new Dictionary<string, ulong>
        {
            ["InvalidParameterValue.MemSizeNotInRange"] = 1048576,
            ["InvalidParameterValue.ReduceCapacityNotAllowed"] = 2048,
            ["LimitExceeded.InvalidMemSize"] = 4000,
            ["ResourceNotFound.InstanceNotExists"] = 4096,
            ["ResourceUnavailable.AccountBalanceNotEnough"] = 4096,
            ["ResourceUnavailable.InstanceStatusAbnormal"] = 4096,
            ["UnauthorizedOperation.NoCAMAuthed"] = 4096,
        };

        public static IEnumerable<object[]> FoundingErrors
        {
            get
            {
                foreach (var code in Founding.Keys)
                {
                    foreach (var form in Forms)
                    {
                        yield return new[] { code, form[0], form[1] };
                    }
                }
            }
        }

        [Theory, MemberData(nameof(FoundingErrors))]
        public void AFoundingErrorComesOutOfTheSdk(string code, string signature, string method)
        {
            var seed = Path.Combine(Server.Root, "fixtures", "errors", code + ".json");
            var client = Client(Serve("--fixture", seed), signature, method);
            var before = Instances(client);
            AssertRefused(code, () => Resize(client, Instance, Founding[code]));
            Assert.Equal(before, Instances(client)); // a refusal changes nothing
        }

        private static string Instances(RedisClient client)
        {
            return JsonConvert.SerializeObject(
                client.DescribeInstancesSync(new DescribeInstancesRequest()).InstanceSet);
        }

        [Theory, MemberData(nameof(Forms), MemberType = typeof(ClientTest))]
        public void AWrongSecretKeyIsRefused(string signature, string method)
        {
            var client = Client(Serve(), signature, method, Key("AKIDlocal", "wrong"));
            AssertRefused("AuthFailure.SignatureFailure", () => Find(client));
        }

        [Theory, MemberData(nameof(Forms), MemberType = typeof(ClientTest))]
        public void AnUnknownSecretIdIsTakenUnlessStrict(string signature, string method)
        {
            var stranger = Key("AKIDstranger", "stranger");
            Assert.Equal(Instance, Find(Client(Serve(), signature, method, stranger)).InstanceId);
            var strict = Client(Serve("--auth", "strict"), signature, method, stranger);
            AssertRefused("AuthFailure.SecretIdNotFound", () => Find(strict));
        }

        [Theory, MemberData(nameof(Forms), MemberType = typeof(ClientTest))]
        public void AMissingMemberIsNamed(string signature, string method)
        {
            var client = Client(Serve(), signature, method);
            var refusal = Refused(
                () => client.UpgradeInstanceSync(new UpgradeInstanceRequest { InstanceId = Instance }));
            Assert.Equal("MissingParameter", refusal.ErrorCode);
            Assert.Contains("MemSize", refusal.Message);
        }

        [Theory]
        [InlineData("{\"InstanceId\":\"x\",\"MemSize\":\"much\"}", "InvalidParameter", "MemSize")]
        [InlineData("{\"InstanceId\":\"x\",\"MemSize\":4096,\"RedisShards\":3}", "UnknownParameter", "RedisShards")]
        public void WhatTheTypesWouldNotLetThroughIsRefused(string members, string code, string named)
        {
            var server = Serve();
            var refusal = Refused(() => CallByName(server, "UpgradeInstance", JObject.Parse(members)));
            Assert.Equal(code, refusal.ErrorCode);
            Assert.Contains(named, refusal.Message);
        }

        [Theory, MemberData(nameof(Forms), MemberType = typeof(ClientTest))]
        public void AnUnknownRegionIsRefused(string signature, string method)
        {
            var client = Client(Serve(), signature, method, region: "ap-nowhere");
            AssertRefused("InvalidParameterValue", () => Find(client));
        }

        [Theory, MemberData(nameof(Forms), MemberType = typeof(ClientTest))]
        public void AFaultOfTheCloudIsAnErrorLikeAnyOther(string signature, string method)
        {
            var server = Serve();
            var client = Client(server, signature, method);
            server.Fault("UpgradeInstance", "InternalError", 1);
            AssertRefused("InternalError", () => Resize(client, Instance, 4096));
            Assert.Matches("^[0-9]+$", Resize(client, Instance, 4096).DealId);
        }
    }
}
