using System.Collections.Generic;
using System.IO;
using System.Linq;
using Newtonsoft.Json.Linq;
using TencentCloud.Redis.V20180412.Models;
using Xunit;

namespace CrsLocal
{
    /// <summary>A list that is longer than a page.</summary>
    public class PagingTest : ClientTest
    {
        private const int Count = 250;

        [Theory]
        [InlineData(20UL)]
        [InlineData(50UL)]
        [InlineData(99UL)]
        [InlineData(1000UL)]
        public void EveryInstanceIsListedOnce(ulong limit)
        {
            var ids = Enumerable.Range(0, Count).Select(number => $"crs-page{number:0000}").ToList();
            var file = Path.GetTempFileName();
            File.WriteAllText(file, Fixture(ids).ToString());
            var client = Client(Serve("--fixture", file));
            File.Delete(file);

            var seen = new List<string>();
            ulong offset = 0;
            DescribeInstancesResponse page;
            do
            {
                page = client.DescribeInstancesSync(new DescribeInstancesRequest { Limit = limit, Offset = offset });
                Assert.Equal(Count, Whole(page.TotalCount));
                seen.AddRange(page.InstanceSet.Select(instance => instance.InstanceId));
                offset += limit;
            } while ((long)offset < Whole(page.TotalCount));
            Assert.Equal(ids, seen.OrderBy(id => id));

            var past = client.DescribeInstancesSync(new DescribeInstancesRequest { Limit = limit, Offset = offset });
            Assert.Empty(past.InstanceSet);
        }

        private static JObject Fixture(IEnumerable<string> ids)
        {
            var instances = new JArray();
            foreach (var id in ids)
            {
                instances.Add(new JObject { ["InstanceId"] = id, ["TypeId"] = 2, ["MemSize"] = 1024 });
            }
            return new JObject { ["Accounts"] = new JArray { new JObject { ["Instances"] = instances } } };
        }
    }
}
