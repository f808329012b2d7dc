package crslocal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.tencentcloudapi.common.CommonClient;
import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import com.tencentcloudapi.redis.v20180412.RedisClient;
import com.tencentcloudapi.redis.v20180412.models.DescribeInstanceDealDetailRequest;
import com.tencentcloudapi.redis.v20180412.models.DescribeInstancesRequest;
import com.tencentcloudapi.redis.v20180412.models.DescribeInstancesResponse;
import com.tencentcloudapi.redis.v20180412.models.DescribeTaskInfoRequest;
import com.tencentcloudapi.redis.v20180412.models.DescribeTaskInfoResponse;
import com.tencentcloudapi.redis.v20180412.models.InstanceSet;
import com.tencentcloudapi.redis.v20180412.models.TradeDealDetail;
import com.tencentcloudapi.redis.v20180412.models.UpgradeInstanceRequest;
import com.tencentcloudapi.redis.v20180412.models.UpgradeInstanceResponse;
import java.time.Duration;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.function.Executable;

/** Clients of a server, and what every test asks them. */
final class Clients {
  static final String REGION = "ap-guangzhou";
  static final String INSTANCE = "crs-5qlrlhux";
  static final Credential LOCAL = new Credential("AKIDlocal", "local");
  static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

  static final long IN_PROCESS = 1;
  static final long RUNNING = 2;
  static final long ISOLATED = -2;
  static final long TO_BE_DELETED = -3;
  static final long DELIVERED = 4;

  private Clients() {}

  static HttpProfile http(Server server, Form form) {
    HttpProfile http = new HttpProfile();
    http.setProtocol(HttpProfile.REQ_HTTP);
    http.setEndpoint(server.host);
    http.setReqMethod(form.method);
    http.setReadTimeout(60); // without it the SDK waits for ever
    return http;
  }

  static RedisClient client(Server server, Form form, Credential credential) {
    return new RedisClient(
        credential, REGION, new ClientProfile(form.signature, http(server, form)));
  }

  static RedisClient client(Server server, Form form) {
    return client(server, form, LOCAL);
  }

  static RedisClient client(Server server) {
    return client(server, Form.USUAL);
  }

  /**
   * Calls an action that this version of the SDK has no class for; answers the members of the
   * response. A later version's user would write the typed call.
   */
  static JsonObject call(Server server, String action, JsonObject members)
      throws TencentCloudSDKException {
    ClientProfile profile = new ClientProfile(ClientProfile.SIGN_TC3_256, http(server, Form.USUAL));
    CommonClient client = new CommonClient("redis", "2018-04-12", LOCAL, REGION, profile);
    String answer = client.call(action, members.toString());
    JsonObject response =
        JsonParser.parseString(answer).getAsJsonObject().getAsJsonObject("Response");
    assertTrue(response.get("RequestId").getAsString().matches(UUID), answer);
    return response;
  }

  /** The order's number, which an answer gives twice for old clients and new ones. */
  static String dealOf(JsonObject answer) {
    String deal = answer.get("DealName").getAsString();
    assertTrue(deal.matches("\\d+"), deal);
    assertEquals(deal, answer.get("DealId").getAsString());
    return deal;
  }

  /** A JSON object, written with single quotes. */
  static JsonObject json(String text) {
    return JsonParser.parseString(text.replace('\'', '"')).getAsJsonObject();
  }

  /** Makes a call that must fail; answers the SDK's exception, which must be whole. */
  static TencentCloudSDKException refused(Executable call) {
    TencentCloudSDKException refusal = assertThrows(TencentCloudSDKException.class, call);
    assertTrue(refusal.getRequestId().matches(UUID), refusal.toString());
    assertFalse(refusal.getMessage().isEmpty(), refusal.toString());
    return refusal;
  }

  static UpgradeInstanceResponse upgrade(RedisClient client, String instanceId, long memMb)
      throws TencentCloudSDKException {
    UpgradeInstanceRequest request = new UpgradeInstanceRequest();
    request.setInstanceId(instanceId);
    request.setMemSize(memMb);
    return client.UpgradeInstance(request);
  }

  static InstanceSet instance(RedisClient client, String instanceId)
      throws TencentCloudSDKException {
    DescribeInstancesRequest request = new DescribeInstancesRequest();
    request.setInstanceId(instanceId);
    DescribeInstancesResponse found = client.DescribeInstances(request);
    assertEquals(1L, found.getTotalCount(), instanceId);
    assertEquals(1, found.getInstanceSet().length, instanceId);
    return found.getInstanceSet()[0];
  }

  /** Looks until the instance is what is wanted; answers it, or fails after ten seconds. */
  static InstanceSet eventually(RedisClient client, String instanceId, Predicate<InstanceSet> wanted)
      throws TencentCloudSDKException, InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    InstanceSet seen = instance(client, instanceId);
    while (!wanted.test(seen)) {
      assertTrue(
          System.nanoTime() < end, () -> instanceId + " did not become what was waited for");
      Thread.sleep(50);
      seen = instance(client, instanceId);
    }
    return seen;
  }

  /** Sees the instance in process first, then waits until it has that status. */
  static InstanceSet processed(RedisClient client, String instanceId, long status)
      throws TencentCloudSDKException, InterruptedException {
    assertEquals(IN_PROCESS, instance(client, instanceId).getStatus());
    return eventually(client, instanceId, seen -> seen.getStatus() == status);
  }

  static TradeDealDetail deal(RedisClient client, String dealId) throws TencentCloudSDKException {
    DescribeInstanceDealDetailRequest request = new DescribeInstanceDealDetailRequest();
    request.setDealIds(new String[] {dealId});
    TradeDealDetail[] found = client.DescribeInstanceDealDetail(request).getDealDetails();
    assertEquals(1, found.length, dealId);
    assertEquals(dealId, found[0].getDealId());
    assertEquals(dealId, found[0].getDealName());
    return found[0];
  }

  /** The order has been delivered: these instances, and when. */
  static void delivered(RedisClient client, String dealId, String... instanceIds)
      throws TencentCloudSDKException {
    TradeDealDetail deal = deal(client, dealId);
    assertEquals(DELIVERED, deal.getStatus());
    assertEquals(Set.of(instanceIds), Set.of(deal.getInstanceIds()));
    assertFalse(deal.getEndTime().isEmpty());
  }

  /** Looks until the task has ended; it has to have succeeded, and to be this instance's. */
  static DescribeTaskInfoResponse succeeded(RedisClient client, long taskId, String instanceId)
      throws TencentCloudSDKException, InterruptedException {
    assertTrue(taskId > 0, "a task's id is positive, this is " + taskId);
    DescribeTaskInfoRequest request = new DescribeTaskInfoRequest();
    request.setTaskId(taskId);
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    DescribeTaskInfoResponse task = client.DescribeTaskInfo(request);
    while (!task.getStatus().equals("succeed")) {
      assertTrue(task.getStatus().matches("preparing|running"), task.getStatus());
      assertTrue(System.nanoTime() < end, () -> "task " + taskId + " did not end");
      Thread.sleep(50);
      task = client.DescribeTaskInfo(request);
    }
    assertEquals(instanceId, task.getInstanceId());
    return task;
  }
}
