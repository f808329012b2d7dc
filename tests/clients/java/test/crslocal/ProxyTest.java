package crslocal;

import static crslocal.Clients.INSTANCE;
import static crslocal.Clients.LOCAL;
import static crslocal.Clients.REGION;
import static crslocal.Clients.RUNNING;
import static crslocal.Clients.processed;
import static crslocal.Clients.upgrade;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import com.tencentcloudapi.redis.v20180412.RedisClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The server as a forward proxy: the client knows no endpoint but the cloud's own. */
class ProxyTest {
  @RegisterExtension final Server.Starter servers = new Server.Starter();

  @ParameterizedTest
  @MethodSource("crslocal.Form#all")
  void theProfileNamesTheProxy(Form form) throws Exception {
    Server server = servers.start("--auth", "strict", "--flow-time", "500ms");
    HttpProfile http = new HttpProfile();
    http.setProtocol(HttpProfile.REQ_HTTP);
    http.setReqMethod(form.method);
    http.setProxyHost("127.0.0.1");
    http.setProxyPort(server.port);
    upgradeAndWait(new RedisClient(LOCAL, REGION, new ClientProfile(form.signature, http)));
  }

  /** The JVM's own way. It holds for all clients of a process that name no proxy themselves. */
  @ParameterizedTest
  @MethodSource("crslocal.Form#all")
  void thePropertiesNameTheProxy(Form form) throws Exception {
    Server server = servers.start("--auth", "strict", "--flow-time", "500ms");
    System.setProperty("http.proxyHost", "127.0.0.1");
    System.setProperty("http.proxyPort", Integer.toString(server.port));
    HttpProfile http = new HttpProfile();
    http.setProtocol(HttpProfile.REQ_HTTP);
    http.setReqMethod(form.method);
    upgradeAndWait(new RedisClient(LOCAL, REGION, new ClientProfile(form.signature, http)));
  }

  @AfterEach
  void forgetTheProxy() {
    System.clearProperty("http.proxyHost");
    System.clearProperty("http.proxyPort");
  }

  private static void upgradeAndWait(RedisClient client) throws Exception {
    upgrade(client, INSTANCE, 4096);
    assertEquals(4096, processed(client, INSTANCE, RUNNING).getSize());
  }
}
