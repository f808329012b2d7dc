package crslocal;

import static crslocal.Clients.INSTANCE;
import static crslocal.Clients.LOCAL;
import static crslocal.Clients.REGION;
import static crslocal.Clients.RUNNING;
import static crslocal.Clients.instance;
import static crslocal.Clients.processed;
import static crslocal.Clients.upgrade;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import com.tencentcloudapi.redis.v20180412.RedisClient;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * HTTPS with the certificate that the server makes for itself. The SDK trusts what the JVM trusts:
 * `-Djavax.net.ssl.trustStore=FILE`. This version reads the property anew for each call.
 */
class HttpsTest {
  private static final String PASSWORD = "changeit";

  @RegisterExtension final Server.Starter servers = new Server.Starter();
  @TempDir Path folder;
  private Server server;
  private int tlsPort;

  @BeforeEach
  void serve() throws Exception {
    tlsPort = Server.freePort();
    server =
        servers.start(
            "--tls", "--tls-listen", "127.0.0.1:" + tlsPort, "--flow-time", "500ms");
  }

  @AfterEach
  void trustAsBefore() {
    System.clearProperty("javax.net.ssl.trustStore");
    System.clearProperty("javax.net.ssl.trustStorePassword");
  }

  /** What `keytool -importcert -file ca.pem -keystore FILE` does. */
  private void trust() throws Exception {
    byte[] pem = server.control("GET", "/_crs/ca.pem", "").getBytes(StandardCharsets.UTF_8);
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry(
        "crs-local",
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(pem)));
    Path file = folder.resolve("trust.p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD.toCharArray());
    }
    System.setProperty("javax.net.ssl.trustStore", file.toString());
    System.setProperty("javax.net.ssl.trustStorePassword", PASSWORD);
  }

  private static HttpProfile http(Form form) {
    HttpProfile http = new HttpProfile(); // https:// is the default
    http.setReqMethod(form.method);
    http.setReadTimeout(60);
    return http;
  }

  private RedisClient client(Form form) {
    HttpProfile http = http(form);
    http.setEndpoint("127.0.0.1:" + tlsPort);
    return new RedisClient(LOCAL, REGION, new ClientProfile(form.signature, http));
  }

  @ParameterizedTest
  @MethodSource("crslocal.Form#all")
  void anUpgradeOverHttps(Form form) throws Exception {
    trust();
    RedisClient client = client(form);
    upgrade(client, INSTANCE, 4096);
    assertEquals(4096, processed(client, INSTANCE, RUNNING).getSize());
  }

  /** Neither protocol nor endpoint is changed: the proxy, which is the server, is asked for a tunnel. */
  @ParameterizedTest
  @MethodSource("crslocal.Form#all")
  void anUpgradeUnderTheRealName(Form form) throws Exception {
    trust();
    HttpProfile http = http(form);
    http.setProxyHost("127.0.0.1");
    http.setProxyPort(server.port);
    RedisClient client =
        new RedisClient(LOCAL, REGION, new ClientProfile(form.signature, http));
    upgrade(client, INSTANCE, 4096);
    assertEquals(4096, processed(client, INSTANCE, RUNNING).getSize());
  }

  @Test
  void aStrangerToTheCaDoesNotConnect() {
    TencentCloudSDKException refusal =
        assertThrows(
            TencentCloudSDKException.class, () -> instance(client(Form.USUAL), INSTANCE));
    assertTrue(refusal.getMessage().contains("SSLHandshakeException"), refusal.getMessage());
  }
}
