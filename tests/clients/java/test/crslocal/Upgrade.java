package crslocal;

// snippet: java
import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import com.tencentcloudapi.redis.v20180412.RedisClient;
import com.tencentcloudapi.redis.v20180412.models.DescribeInstancesRequest;
import com.tencentcloudapi.redis.v20180412.models.InstanceSet;
import com.tencentcloudapi.redis.v20180412.models.UpgradeInstanceRequest;

public class Upgrade {
  public static void main(String[] arguments) throws Exception {
    HttpProfile http = new HttpProfile();
    http.setProtocol("http://");
    http.setEndpoint("127.0.0.1:8239");
    http.setReadTimeout(60); // seconds; the default is for ever
    RedisClient client =
        new RedisClient(
            new Credential("AKIDlocal", "local"),
            "ap-guangzhou",
            new ClientProfile(ClientProfile.SIGN_TC3_256, http));

    UpgradeInstanceRequest upgrade = new UpgradeInstanceRequest();
    upgrade.setInstanceId("crs-5qlrlhux");
    upgrade.setMemSize(4096L);
    System.out.println("ordered: " + client.UpgradeInstance(upgrade).getDealId());

    DescribeInstancesRequest look = new DescribeInstancesRequest();
    look.setInstanceId("crs-5qlrlhux");
    InstanceSet instance = client.DescribeInstances(look).getInstanceSet()[0];
    while (instance.getStatus() == 1) { // in process
      Thread.sleep(200);
      instance = client.DescribeInstances(look).getInstanceSet()[0];
    }
    System.out.printf("status %d, %.0f MB%n", instance.getStatus(), instance.getSize());
  }
}
// end
