package crslocal;

import static crslocal.Clients.ISOLATED;
import static crslocal.Clients.RUNNING;
import static crslocal.Clients.TO_BE_DELETED;
import static crslocal.Clients.call;
import static crslocal.Clients.client;
import static crslocal.Clients.delivered;
import static crslocal.Clients.instance;
import static crslocal.Clients.json;
import static crslocal.Clients.processed;
import static crslocal.Clients.refused;
import static crslocal.Clients.succeeded;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.tencentcloudapi.redis.v20180412.RedisClient;
import com.tencentcloudapi.redis.v20180412.models.CleanUpInstanceRequest;
import com.tencentcloudapi.redis.v20180412.models.DescribeCommonDBInstancesRequest;
import com.tencentcloudapi.redis.v20180412.models.DescribeCommonDBInstancesResponse;
import com.tencentcloudapi.redis.v20180412.models.DescribeInstancesRequest;
import com.tencentcloudapi.redis.v20180412.models.DescribeProductInfoRequest;
import com.tencentcloudapi.redis.v20180412.models.DestroyPostpaidInstanceRequest;
import com.tencentcloudapi.redis.v20180412.models.DestroyPrepaidInstanceRequest;
import com.tencentcloudapi.redis.v20180412.models.InstanceSet;
import com.tencentcloudapi.redis.v20180412.models.ModifyInstanceRequest;
import com.tencentcloudapi.redis.v20180412.models.ProductConf;
import com.tencentcloudapi.redis.v20180412.models.RedisCommonInstanceList;
import com.tencentcloudapi.redis.v20180412.models.RegionConf;
import com.tencentcloudapi.redis.v20180412.models.RenewInstanceRequest;
import com.tencentcloudapi.redis.v20180412.models.StartupInstanceRequest;
import com.tencentcloudapi.redis.v20180412.models.ZoneCapacityConf;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What an instance is called, how it ends, and the lists it stands in. DescribeRedisClusters and
 * DescribeRedisClusterOverview are newer than this version of the SDK and are called by name.
 */
class InstancesTest {
  private static final String POSTPAID = "crs-postpaid";
  private static final String PREPAID = "crs-prepaid0";
  private static final String NO_TIME = "0000-00-00 00:00:00";

  @RegisterExtension final Server.Starter servers = new Server.Starter();

  @Test
  void instancesAreRenamedMovedAndRenewedByThemselves() throws Exception {
    RedisClient client = client(servers.with("instances"));
    ModifyInstanceRequest rename = modify("rename");
    rename.setInstanceNames(new String[] {"订单", "orders-2"});
    assertTrue(client.ModifyInstance(rename).getRequestId().matches(Clients.UUID));
    assertEquals("订单", instance(client, PREPAID).getInstanceName());
    assertEquals("orders-2", instance(client, POSTPAID).getInstanceName());

    ModifyInstanceRequest move = modify("modifyProject");
    move.setProjectId(7L);
    client.ModifyInstance(move);
    assertEquals(7L, instance(client, PREPAID).getProjectId());
    assertEquals(7L, instance(client, POSTPAID).getProjectId());

    ModifyInstanceRequest renew = modify("modifyAutoRenew");
    renew.setInstanceIds(new String[] {PREPAID});
    renew.setAutoRenews(new Long[] {1L});
    client.ModifyInstance(renew);
    assertEquals(1L, instance(client, PREPAID).getAutoRenewFlag());
  }

  private static ModifyInstanceRequest modify(String operation) {
    ModifyInstanceRequest request = new ModifyInstanceRequest();
    request.setOperation(operation);
    request.setInstanceIds(new String[] {PREPAID, POSTPAID});
    return request;
  }

  @Test
  void aPostpaidInstanceIsDestroyedAndCleanedUpAndItsTasksStay() throws Exception {
    RedisClient client = client(servers.with("instances"));
    DestroyPostpaidInstanceRequest destroy = new DestroyPostpaidInstanceRequest();
    destroy.setInstanceId(POSTPAID);
    long destroyed = client.DestroyPostpaidInstance(destroy).getTaskId();
    processed(client, POSTPAID, TO_BE_DELETED);
    succeeded(client, destroyed, POSTPAID);

    long cleaned = cleanUp(client, POSTPAID);
    succeeded(client, cleaned, POSTPAID);
    DescribeInstancesRequest look = new DescribeInstancesRequest();
    look.setInstanceId(POSTPAID);
    assertEquals(0L, client.DescribeInstances(look).getTotalCount());
    succeeded(client, destroyed, POSTPAID);
    assertEquals(
        "ResourceNotFound.InstanceNotExists",
        refused(() -> Clients.upgrade(client, POSTPAID, 2048)).getErrorCode());
  }

  private static long cleanUp(RedisClient client, String instanceId) throws Exception {
    CleanUpInstanceRequest request = new CleanUpInstanceRequest();
    request.setInstanceId(instanceId);
    return client.CleanUpInstance(request).getTaskId();
  }

  @Test
  void aPostpaidInstanceIsIsolatedAndStartedUpAgain() throws Exception {
    RedisClient client = client(servers.with("instances"));
    DestroyPostpaidInstanceRequest destroy = new DestroyPostpaidInstanceRequest();
    destroy.setInstanceId(POSTPAID);
    client.DestroyPostpaidInstance(destroy);
    assertNotEquals(NO_TIME, processed(client, POSTPAID, TO_BE_DELETED).getCloseTime());

    StartupInstanceRequest start = new StartupInstanceRequest();
    start.setInstanceId(POSTPAID);
    assertNull(client.StartupInstance(start).getTaskId());
    assertEquals(NO_TIME, processed(client, POSTPAID, RUNNING).getCloseTime());
  }

  /** What was returned has been paid back: it is renewed, not started up. */
  @Test
  void aPrepaidInstanceIsReturnedAndPaidForAgain() throws Exception {
    RedisClient client = client(servers.with("instances"));
    DestroyPrepaidInstanceRequest destroy = new DestroyPrepaidInstanceRequest();
    destroy.setInstanceId(PREPAID);
    assertTrue(client.DestroyPrepaidInstance(destroy).getDealId().matches("\\d+"));
    assertNotEquals(NO_TIME, processed(client, PREPAID, ISOLATED).getCloseTime());

    RenewInstanceRequest renew = new RenewInstanceRequest();
    renew.setInstanceId(PREPAID);
    renew.setPeriod(1L);
    String dealId = client.RenewInstance(renew).getDealId();
    assertEquals(NO_TIME, processed(client, PREPAID, RUNNING).getCloseTime());
    delivered(client, dealId, PREPAID);
  }

  @Test
  void onlyWhatIsIsolatedIsCleanedUp() throws Exception {
    RedisClient client = client(servers.with("instances"));
    assertEquals(
        "ResourceUnavailable.InstanceStatusAbnormal",
        refused(() -> cleanUp(client, POSTPAID)).getErrorCode());
    for (String instanceId : new String[] {"crs-isolate1", "crs-isolate2"}) {
      succeeded(client, cleanUp(client, instanceId), instanceId);
    }
  }

  @Test
  void theOlderListSaysTheSameInOlderWords() throws Exception {
    RedisClient client = client(servers.with("instances"));
    DescribeCommonDBInstancesRequest request = new DescribeCommonDBInstancesRequest();
    request.setInstanceIds(new String[] {POSTPAID});
    DescribeCommonDBInstancesResponse found = client.DescribeCommonDBInstances(request);
    assertEquals(1L, found.getTotalCount());
    RedisCommonInstanceList seen = found.getInstanceDetails()[0];
    InstanceSet known = instance(client, POSTPAID);
    assertEquals(POSTPAID, seen.getInstanceId());
    assertEquals(known.getInstanceName(), seen.getInstanceName());
    assertEquals("2", seen.getStatus());
    assertArrayEquals(new String[] {known.getWanIp()}, seen.getVips());
    assertEquals(known.getPort(), seen.getVport());
    assertEquals(known.getAppid(), seen.getAppId());
  }

  @Test
  void dedicatedClustersAreListedAndSummedUp() throws Exception {
    Server server = servers.with("clusters");
    JsonObject found = call(server, "DescribeRedisClusters", json("{'Limit':10,'Offset':0}"));
    assertEquals(1, found.get("Total").getAsInt());
    JsonObject cluster = found.getAsJsonArray("Resources").get(0).getAsJsonObject();
    assertEquals("crs-cdc-local000", cluster.get("RedisClusterId").getAsString());
    assertEquals("cluster-local000", cluster.get("DedicatedClusterId").getAsString());
    assertEquals("dedicated", cluster.get("ClusterName").getAsString());

    JsonObject none =
        call(server, "DescribeRedisClusters", json("{'RedisClusterIds':['crs-cdc-00000000']}"));
    assertEquals(0, none.get("Total").getAsInt());
    assertEquals(0, none.getAsJsonArray("Resources").size());

    JsonObject overview =
        call(
            server,
            "DescribeRedisClusterOverview",
            json("{'DedicatedClusterId':'cluster-local000'}"));
    assertTrue(overview.get("TotalBundle").getAsString().matches("\\d+"), overview.toString());
    assertTrue(overview.get("TotalMemory").getAsString().matches("\\d+"), overview.toString());
  }

  @Test
  void whatCanBeBoughtIsListedByRegionAndZone() throws Exception {
    RedisClient client = client(servers.start());
    RegionConf region =
        Arrays.stream(client.DescribeProductInfo(new DescribeProductInfoRequest()).getRegionSet())
            .filter(conf -> conf.getRegionId().equals(Clients.REGION))
            .findFirst()
            .orElseThrow();
    ZoneCapacityConf zone =
        Arrays.stream(region.getZoneSet())
            .filter(conf -> conf.getZoneName().equals("ap-guangzhou-3"))
            .findFirst()
            .orElseThrow();
    assertFalse(zone.getIsSaleout());
    assertEquals(100003L, zone.getOldZoneId());
    ProductConf standard =
        Arrays.stream(zone.getProductSet())
            .filter(conf -> conf.getType() == 8 && conf.getPayMode().equals("0"))
            .findFirst()
            .orElseThrow();
    assertArrayEquals(new String[] {"1"}, standard.getShardNum());
    assertTrue(Arrays.asList(standard.getTotalSize()).contains("4"));
  }
}
