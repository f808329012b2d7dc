package crslocal;

import static crslocal.Clients.INSTANCE;
import static crslocal.Clients.client;
import static crslocal.Clients.instance;
import static crslocal.Clients.refused;
import static crslocal.Clients.upgrade;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.redis.v20180412.RedisClient;
import com.tencentcloudapi.redis.v20180412.models.DescribeInstancesRequest;
import com.tencentcloudapi.redis.v20180412.models.DescribeInstancesResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** 20 calls a second of one credential, action and region, and how the SDK tries again. */
class RateLimitTest {
  private static final int LIMIT = 20;
  private static final String ABSENT = "crs-00000000";
  private static final String NOT_THERE = "ResourceNotFound.InstanceNotExists";
  private static final String TOO_MANY = "RequestLimitExceeded";

  @RegisterExtension final Server.Starter servers = new Server.Starter();

  @Test
  void the21stUpgradeOfASecondIsOneTooMany() throws Exception {
    RedisClient client = client(servers.start());
    refused(() -> upgrade(client, ABSENT, 4096)); // the first call of a JVM is a slow one
    List<TencentCloudSDKException> refusals = withinOneSecond(client);
    List<String> codes = new ArrayList<>();
    refusals.forEach(refusal -> codes.add(refusal.getErrorCode()));
    assertEquals(Collections.nCopies(LIMIT, NOT_THERE), codes.subList(0, LIMIT));
    assertEquals(TOO_MANY, codes.get(LIMIT));
    assertEquals(
        "Your current request times equals to `21` in a second, which exceeds the frequency limit"
            + " `20` for a second. Please reduce the frequency of calls.",
        refusals.get(LIMIT).getMessage());
    assertEquals(INSTANCE, instance(client, INSTANCE).getInstanceId(), "another action's count");
  }

  /** 21 calls just after a second has begun, anew until all of them fell into that second. */
  private static List<TencentCloudSDKException> withinOneSecond(RedisClient client)
      throws InterruptedException {
    for (int tries = 0; tries < 10; tries++) {
      Thread.sleep(1020 - System.currentTimeMillis() % 1000);
      long second = System.currentTimeMillis() / 1000;
      List<TencentCloudSDKException> refusals = new ArrayList<>();
      for (int call = 0; call <= LIMIT; call++) {
        refusals.add(refused(() -> upgrade(client, ABSENT, 4096)));
      }
      if (System.currentTimeMillis() / 1000 == second) {
        return refusals;
      }
    }
    throw new AssertionError("21 calls never fitted into one second");
  }

  /** `retry` waits a second after each failure, whatever its code, and answers the response. */
  @Test
  void retryGetsPastTheLimit() throws Exception {
    Server server = servers.start();
    server.fault("DescribeInstances", TOO_MANY, 2);
    DescribeInstancesRequest request = new DescribeInstancesRequest();
    request.setInstanceId(INSTANCE);
    Object answer = client(server).retry(request, 3);
    assertEquals(1L, ((DescribeInstancesResponse) answer).getTotalCount());
    assertEquals(2, server.fired());
  }

  @Test
  void retryGivesUpWithTheErrorThatItGot() throws Exception {
    Server server = servers.start();
    server.fault("DescribeInstances", "InternalError", 5);
    RedisClient client = client(server);
    assertEquals(
        "InternalError",
        refused(() -> client.retry(new DescribeInstancesRequest(), 1)).getErrorCode());
    assertEquals(2, server.fired(), "one call and one more");
  }

  @Test
  void theLimitCanBeSetAndTakenOff() throws Exception {
    RedisClient limited = client(servers.start("--rate-limit", "documented,UpgradeInstance=1"));
    // Of so many calls in a row two share a second, on any machine that makes three calls in two.
    long refusals = 0;
    for (int call = 0; call < 12; call++) {
      String code = refused(() -> upgrade(limited, ABSENT, 4096)).getErrorCode();
      assertTrue(List.of(NOT_THERE, TOO_MANY).contains(code), code);
      refusals += code.equals(TOO_MANY) ? 1 : 0;
    }
    assertTrue(refusals > 0, "the limit of one call was never met");

    RedisClient free = client(servers.start("--rate-limit", "off"));
    for (int call = 0; call < 60; call++) {
      assertEquals(NOT_THERE, refused(() -> upgrade(free, ABSENT, 4096)).getErrorCode());
    }
  }
}
