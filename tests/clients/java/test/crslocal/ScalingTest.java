package crslocal;

import static crslocal.Clients.RUNNING;
import static crslocal.Clients.call;
import static crslocal.Clients.client;
import static crslocal.Clients.dealOf;
import static crslocal.Clients.delivered;
import static crslocal.Clients.eventually;
import static crslocal.Clients.instance;
import static crslocal.Clients.json;
import static crslocal.Clients.processed;
import static crslocal.Clients.refused;
import static crslocal.Clients.succeeded;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.tencentcloudapi.common.AbstractModel;
import com.tencentcloudapi.redis.v20180412.RedisClient;
import com.tencentcloudapi.redis.v20180412.models.InstanceSet;
import com.tencentcloudapi.redis.v20180412.models.RedisNodeInfo;
import com.tencentcloudapi.redis.v20180412.models.UpgradeInstanceRequest;
import com.tencentcloudapi.redis.v20180412.models.UpgradeInstanceVersionRequest;
import com.tencentcloudapi.redis.v20180412.models.UpgradeProxyVersionRequest;
import com.tencentcloudapi.redis.v20180412.models.UpgradeSmallVersionRequest;
import com.tencentcloudapi.redis.v20180412.models.UpgradeVersionToMultiAvailabilityZonesRequest;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Size, edition, versions and zones. UpgradeInstanceProductVersion, ModifyInstanceAvailabilityZones
 * and SwitchAccessNewInstance are newer than this version of the SDK and are called by name;
 * UpgradeInstance's SwitchOption is, too, and is sent by `set`.
 */
class ScalingTest {
  @RegisterExtension final Server.Starter servers = new Server.Starter();

  private static UpgradeInstanceRequest resize(
      String instanceId, long memMb, long shards, long replicas) {
    UpgradeInstanceRequest request = new UpgradeInstanceRequest();
    request.setInstanceId(instanceId);
    request.setMemSize(memMb);
    request.setRedisShardNum(shards);
    request.setRedisReplicasNum(replicas);
    return request;
  }

  @Test
  void shardsAndReplicasOneChangeACall() throws Exception {
    String cluster = "crs-cluster0";
    RedisClient client = client(servers.with("instances"));
    String shards = client.UpgradeInstance(resize(cluster, 1024, 5, 1)).getDealId();
    InstanceSet larger = processed(client, cluster, RUNNING);
    assertEquals(5L, larger.getRedisShardNum());
    assertEquals(5120, larger.getSize());
    delivered(client, shards, cluster);

    String replicas = client.UpgradeInstance(resize(cluster, 1024, 5, 2)).getDealId();
    assertEquals(2L, processed(client, cluster, RUNNING).getRedisReplicasNum());
    delivered(client, replicas, cluster);

    assertEquals(
        "InvalidParameter.InvalidParameter",
        refused(() -> client.UpgradeInstance(resize(cluster, 2048, 8, 2))).getErrorCode());
  }

  @Test
  void anInstanceGetsAHigherEdition() throws Exception {
    String instanceId = "crs-oldone00";
    RedisClient client = client(servers.with("instances"));
    UpgradeInstanceVersionRequest request = new UpgradeInstanceVersionRequest();
    request.setInstanceId(instanceId);
    request.setTargetInstanceType("8");
    request.setSwitchOption(2L);
    String dealId = client.UpgradeInstanceVersion(request).getDealId();
    assertEquals(8L, processed(client, instanceId, RUNNING).getType());
    delivered(client, dealId, instanceId);
  }

  @Test
  void anInstanceMovesToTheSecondGeneration() throws Exception {
    Server server = servers.with("instances");
    JsonObject order =
        json("{'InstanceId':'crs-postpaid','TargetProductVersion':'localv2','SwitchOption':2}");
    JsonObject ordered = call(server, "UpgradeInstanceProductVersion", order);
    assertTrue(ordered.get("DealName").getAsString().matches("\\d+"), ordered.toString());
    processed(client(server), "crs-postpaid", RUNNING);
    JsonObject found = call(server, "DescribeInstances", json("{'InstanceId':'crs-postpaid'}"));
    JsonObject seen = found.getAsJsonArray("InstanceSet").get(0).getAsJsonObject();
    assertEquals("localv2", seen.get("ProductVersion").getAsString());
  }

  @Test
  void newerKernelAndProxyAreTaken() throws Exception {
    String instanceId = "crs-version0";
    RedisClient client = client(servers.with("versions"));
    InstanceSet before = instance(client, instanceId);
    UpgradeSmallVersionRequest kernel = new UpgradeSmallVersionRequest();
    kernel.setInstanceId(instanceId);
    kernel.setCurrentRedisVersion(before.getCurrentRedisVersion());
    kernel.setUpgradeRedisVersion(before.getUpgradeRedisVersion());
    kernel.setInstanceTypeUpgradeNow(1L);
    long flow = client.UpgradeSmallVersion(kernel).getFlowId();
    assertEquals("6.1.0", processed(client, instanceId, RUNNING).getCurrentRedisVersion());
    succeeded(client, flow, instanceId);

    UpgradeProxyVersionRequest proxy = new UpgradeProxyVersionRequest();
    proxy.setInstanceId(instanceId);
    proxy.setCurrentProxyVersion(before.getCurrentProxyVersion());
    proxy.setUpgradeProxyVersion(before.getUpgradeProxyVersion());
    proxy.setInstanceTypeUpgradeNow(1L);
    flow = client.UpgradeProxyVersion(proxy).getFlowId();
    assertEquals("5.8.0", processed(client, instanceId, RUNNING).getCurrentProxyVersion());
    succeeded(client, flow, instanceId);
  }

  @Test
  void becomingFitForSeveralZonesIsAFlow() throws Exception {
    RedisClient client = client(servers.with("instances"));
    UpgradeVersionToMultiAvailabilityZonesRequest request =
        new UpgradeVersionToMultiAvailabilityZonesRequest();
    request.setInstanceId("crs-postpaid");
    request.setUpgradeProxyAndRedisServer(true);
    long flow = client.UpgradeVersionToMultiAvailabilityZones(request).getFlowId();
    processed(client, "crs-postpaid", RUNNING);
    succeeded(client, flow, "crs-postpaid");
  }

  @Test
  void nodesMoveToOtherZones() throws Exception {
    String instanceId = "crs-zones000";
    Server server = servers.with("instances");
    RedisClient client = client(server);
    RedisNodeInfo[] wanted = instance(client, instanceId).getNodeSet();
    assertEquals(3, wanted.length);
    wanted[2].setZoneId(wanted[1].getZoneId());
    JsonArray nodes = new JsonArray();
    for (RedisNodeInfo node : wanted) {
      node.setZoneName(null); // the zone is given by its number
      nodes.add(json(AbstractModel.toJsonString(node)));
    }
    JsonObject order = new JsonObject();
    order.addProperty("InstanceId", instanceId);
    order.addProperty("SwitchOption", 2);
    order.add("NodeSet", nodes);
    long task = call(server, "ModifyInstanceAvailabilityZones", order).get("TaskId").getAsLong();
    InstanceSet moved = processed(client, instanceId, RUNNING);
    assertEquals(zones(wanted), zones(moved.getNodeSet()));
    succeeded(client, task, instanceId);
  }

  private static List<String> zones(RedisNodeInfo[] nodes) {
    return Arrays.stream(nodes)
        .map(node -> node.getNodeType() + " in " + node.getZoneId())
        .sorted()
        .collect(Collectors.toList());
  }

  @Test
  void whatWaitsForTheWindowIsSwitchedAtOnce() throws Exception {
    String instanceId = "crs-postpaid";
    Server server = servers.with("instances");
    RedisClient client = client(server);
    server.control("PATCH", "/_crs/instances/" + instanceId, "{" + farWindow() + "}");
    UpgradeInstanceRequest request = new UpgradeInstanceRequest();
    request.setInstanceId(instanceId);
    request.setMemSize(2048L);
    request.set("SwitchOption", 1);
    String dealId = client.UpgradeInstance(request).getDealId();
    InstanceSet waiting = instance(client, instanceId);
    assertEquals(RUNNING, waiting.getStatus());
    assertEquals(1024, waiting.getSize());

    call(server, "SwitchAccessNewInstance", json("{'InstanceId':'crs-postpaid'}"));
    eventually(client, instanceId, seen -> seen.getStatus() == RUNNING && seen.getSize() == 2048);
    delivered(client, dealId, instanceId);
  }

  /** A maintenance window, in China time, that is hours away whenever this runs. */
  private static String farWindow() {
    int hour = (ZonedDateTime.now(ZoneOffset.ofHours(8)).getHour() + 8) % 23;
    return String.format(
        "\"MaintenanceWindow\":{\"StartTime\":\"%02d:00\",\"EndTime\":\"%02d:00\"}",
        hour, hour + 1);
  }
}
