// snippet: dotnet
using System;
using System.Threading;
using TencentCloud.Common;
using TencentCloud.Common.Profile;
using TencentCloud.Redis.V20180412;
using TencentCloud.Redis.V20180412.Models;

public static class Upgrade
{
    public static void Main()
    {
        var http = new HttpProfile { Protocol = HttpProfile.REQ_HTTP, Endpoint = "127.0.0.1:8239" };
        var client = new RedisClient(
            new Credential { SecretId = "AKIDlocal", SecretKey = "local" },
            "ap-guangzhou",
            new ClientProfile(ClientProfile.SIGN_TC3SHA256, http));

        var ordered = client.UpgradeInstanceSync(
            new UpgradeInstanceRequest { InstanceId = "crs-5qlrlhux", MemSize = 4096 });
        Console.WriteLine($"ordered: {ordered.DealId}");

        InstanceSet instance;
        do
        {
            Thread.Sleep(200);
            instance = client.DescribeInstancesSync(
                new DescribeInstancesRequest { InstanceId = "crs-5qlrlhux" }).InstanceSet[0];
        } while (instance.Status == 1); // in process
        Console.WriteLine($"status {instance.Status}, {instance.Size} MB");
    }
}
// end
