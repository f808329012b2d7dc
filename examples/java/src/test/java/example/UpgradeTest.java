package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import com.tencentcloudapi.redis.v20180412.RedisClient;
import com.tencentcloudapi.redis.v20180412.models.UpgradeInstanceRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(CrsLocal.class)
class UpgradeTest {
  private static final String INSTANCE = "crs-5qlrlhux";

  private static RedisClient client(CrsLocal.Account account) {
    HttpProfile http = new HttpProfile();
    http.setProtocol("http://");
    http.setEndpoint(account.endpoint);
    ClientProfile profile = new ClientProfile();
    profile.setHttpProfile(http);
    return new RedisClient(
        new Credential(account.secretId, account.secretKey), account.region, profile);
  }

  private static UpgradeInstanceRequest order(long memSize) {
    UpgradeInstanceRequest order = new UpgradeInstanceRequest();
    order.setInstanceId(INSTANCE);
    order.setMemSize(memSize);
    return order;
  }

  @Test
  void memoryGrows(CrsLocal.Account account) throws Exception {
    assertNotNull(client(account).UpgradeInstance(order(4096)).getDealId());
    account.control("POST", "/clock/advance", "{\"Seconds\":60}");
    String shown = account.control("GET", "/instances/" + INSTANCE, "");
    assertTrue(shown.contains("\"MemSize\":4096"), shown);
  }

  @Test
  void theCloudSaysNo(CrsLocal.Account account) {
    account.control(
        "POST",
        "/faults",
        "{\"Match\":{\"Action\":\"UpgradeInstance\"},\"Then\":{\"Code\":\"FailedOperation.PayFailed\"}}");
    TencentCloudSDKException refused =
        assertThrows(
            TencentCloudSDKException.class, () -> client(account).UpgradeInstance(order(4096)));
    assertEquals("FailedOperation.PayFailed", refused.getErrorCode());
  }
}
