using System.Net.Http;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using TencentCloud.Common;
using TencentCloud.Common.Profile;
using TencentCloud.Redis.V20180412;
using Xunit;

namespace CrsLocal
{
    /// <summary>Through a forward proxy, and over HTTPS.</summary>
    public class RoadsTest : ClientTest
    {
        /// <summary>The client knows no endpoint but the cloud's own.</summary>
        [Theory, MemberData(nameof(Forms), MemberType = typeof(ClientTest))]
        public void TheProfileNamesTheProxy(string signature, string method)
        {
            var server = Serve("--auth", "strict", "--flow-time", "200ms");
            var client = Proxied(server, signature, method, Region);
            Resize(client, Instance, 4096);
            Assert.Equal(4096, Processed(client, Instance).Size.Value);
        }

        /// <summary>A financial region has a host name of its own; the ordinary one does not lead there.</summary>
        [Fact]
        public void AFinancialRegionIsNotBehindTheOrdinaryDoor()
        {
            var client = Proxied(Serve(), Tc3, "POST", "ap-shanghai-fsi");
            AssertRefused("UnsupportedRegion", () => Find(client));
            client.Profile.HttpProfile.Endpoint = "redis.ap-shanghai-fsi.tencentcloudapi.com";
            Assert.Equal("crs-finance0", Find(client, "crs-finance0").InstanceId);
        }

        private static RedisClient Proxied(Server server, string signature, string method, string region)
        {
            var http = new HttpProfile
            {
                Protocol = HttpProfile.REQ_HTTP,
                ReqMethod = method,
                WebProxy = $"http://{server.Host}",
            };
            return new RedisClient(Key("AKIDlocal", "local"), region, new ClientProfile(signature, http));
        }

        /// <summary>The client's own switch for trust is the HttpClient that it is given.</summary>
        [Theory, MemberData(nameof(Forms), MemberType = typeof(ClientTest))]
        public void AnUpgradeOverHttps(string signature, string method)
        {
            var client = Secured(signature, method, out var server);
            var ca = new X509Certificate2(Encoding.ASCII.GetBytes(server.Control("GET", "/_crs/ca.pem")));
            client.HttpClient = new HttpClient(new HttpClientHandler
            {
                ServerCertificateCustomValidationCallback = (request, certificate, chain, errors) =>
                    (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == 0 && LeadsTo(ca, certificate),
            });
            Resize(client, Instance, 4096);
            Assert.Equal(4096, Processed(client, Instance).Size.Value);
        }

        private static bool LeadsTo(X509Certificate2 ca, X509Certificate2 certificate)
        {
            using (var chain = new X509Chain())
            {
                chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
                chain.ChainPolicy.CustomTrustStore.Add(ca);
                chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
                return chain.Build(certificate);
            }
        }

        [Fact]
        public void AStrangerToTheCaDoesNotConnect()
        {
            var client = Secured(Tc3, "POST", out _);
            var refusal = Assert.Throws<TencentCloudSDKException>(() => (object)Find(client));
            Assert.IsType<HttpRequestException>(refusal.InnerException);
        }

        private RedisClient Secured(string signature, string method, out Server server)
        {
            var endpoint = $"127.0.0.1:{Server.FreePort()}";
            server = Serve("--tls", "--tls-listen", endpoint, "--flow-time", "200ms");
            var http = new HttpProfile { Endpoint = endpoint, ReqMethod = method }; // https:// is the default
            return new RedisClient(Key("AKIDlocal", "local"), Region, new ClientProfile(signature, http));
        }
    }
}
