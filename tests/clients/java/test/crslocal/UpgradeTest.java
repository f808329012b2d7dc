package crslocal;

import static crslocal.Clients.INSTANCE;
import static crslocal.Clients.IN_PROCESS;
import static crslocal.Clients.RUNNING;
import static crslocal.Clients.client;
import static crslocal.Clients.deal;
import static crslocal.Clients.delivered;
import static crslocal.Clients.eventually;
import static crslocal.Clients.instance;
import static crslocal.Clients.upgrade;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tencentcloudapi.redis.v20180412.RedisClient;
import com.tencentcloudapi.redis.v20180412.models.InstanceSet;
import com.tencentcloudapi.redis.v20180412.models.UpgradeInstanceResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The main job: a resize, from the order to the running instance. */
class UpgradeTest {
  @RegisterExtension final Server.Starter servers = new Server.Starter();

  @ParameterizedTest
  @MethodSource("crslocal.Form#all")
  void anUpgradeIsOrderedSeenInProcessAndDelivered(Form form) throws Exception {
    RedisClient client = client(servers.start("--flow-time", "500ms"), form);
    InstanceSet before = instance(client, INSTANCE);
    assertEquals(RUNNING, before.getStatus());
    assertEquals(1024, before.getSize());
    assertEquals(1024L, before.getRedisShardSize());

    UpgradeInstanceResponse ordered = upgrade(client, INSTANCE, 4096);
    assertFalse(ordered.getDealId().isEmpty());
    assertTrue(ordered.getRequestId().matches(Clients.UUID), ordered.getRequestId());

    InstanceSet during = instance(client, INSTANCE);
    assertEquals(IN_PROCESS, during.getStatus());
    assertEquals(1024, during.getSize(), "the old size stands until the flow has ended");
    assertTrue(List.of(2L, 3L).contains(deal(client, ordered.getDealId()).getStatus()));

    InstanceSet after = eventually(client, INSTANCE, seen -> seen.getStatus() == RUNNING);
    assertEquals(4096, after.getSize());
    assertEquals(4096L, after.getRedisShardSize());
    delivered(client, ordered.getDealId(), INSTANCE);
  }

  /**
   * The snippet as it is printed, endpoint and all: a JVM of its own is given the server as its
   * proxy, so that port 8239 need not be free here.
   */
  @Test
  void theSnippetUpgradesAndWaits() throws Exception {
    Server server = servers.start("--flow-time", "500ms");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "-Dhttp.proxyHost=127.0.0.1",
            "-Dhttp.proxyPort=" + server.port,
            "-Dhttp.nonProxyHosts=",
            "crslocal.Upgrade");
    Server.clean(builder.environment());
    Process snippet = builder.redirectErrorStream(true).start();
    String said = new String(snippet.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(snippet.waitFor(30, TimeUnit.SECONDS), said);
    assertEquals(0, snippet.exitValue(), said);
    assertTrue(said.matches("(?s)ordered: \\d+\\R.*status 2, 4096 MB\\R"), said);
    assertEquals(4096, instance(client(server), INSTANCE).getSize());
  }
}
