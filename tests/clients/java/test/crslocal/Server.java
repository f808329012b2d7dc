package crslocal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One running server on a loopback port of its own choice. */
final class Server {
  private static final String ANNOUNCEMENT = "crs-local listening on http://";

  /** The root of the project's tree. */
  static final Path ROOT = Path.of("").toAbsolutePath().resolve("../../..").normalize();

  /** Fixtures that the suites of several languages share. */
  static final Path FIXTURES = ROOT.resolve("tests/clients/fixtures");

  /** `127.0.0.1:PORT`, as an endpoint wants it. */
  final String host;

  final int port;
  private final Process process;
  private final Path log;

  private Server(Process process, Path log, String host) {
    this.process = process;
    this.log = log;
    this.host = host;
    this.port = Integer.parseInt(host.substring(host.lastIndexOf(':') + 1));
  }

  private static Server start(String... flags) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(System.getenv("CRS_LOCAL_BIN"));
    command.addAll(List.of("--listen", "127.0.0.1:0"));
    command.addAll(Arrays.asList(flags));
    Path log = Files.createTempFile("crs-local", ".log");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    clean(builder.environment());
    Process process = builder.start();
    process.getOutputStream().close();
    BufferedReader said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = said.readLine();
    if (line == null || !line.startsWith(ANNOUNCEMENT)) {
      process.destroyForcibly();
      throw new IOException(command + " said " + line + " and logged\n" + Files.readString(log));
    }
    return new Server(process, log, line.substring(ANNOUNCEMENT.length()).trim());
  }

  /** Takes out what would steer the server or lead a client elsewhere. */
  static void clean(Map<String, String> environment) {
    environment
        .keySet()
        .removeIf(
            name ->
                name.startsWith("CRS_LOCAL_")
                    || name.startsWith("TENCENTCLOUD_")
                    || name.toUpperCase().matches("(HTTP|HTTPS|ALL|NO)_PROXY"));
  }

  /** A loopback port that was free a moment ago, for flags that take no port 0. */
  static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0)) {
      return probe.getLocalPort();
    }
  }

  /** A call of the control API, which has to succeed; answers the body. */
  String control(String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + host + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> answer =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
      assertEquals(200, answer.statusCode(), answer.body());
      return answer.body();
    } catch (IOException | InterruptedException fault) {
      throw new IllegalStateException(method + " " + path, fault);
    }
  }

  /** Makes the next calls of an action fail. */
  void fault(String action, String code, int times) {
    JsonObject match = new JsonObject();
    match.addProperty("Action", action);
    JsonObject then = new JsonObject();
    then.addProperty("Code", code);
    JsonObject rule = new JsonObject();
    rule.add("Match", match);
    rule.add("Then", then);
    rule.addProperty("Times", times);
    control("POST", "/_crs/faults", rule.toString());
  }

  /** How often the only fault rule has been met. */
  int fired() {
    JsonObject faults =
        JsonParser.parseString(control("GET", "/_crs/faults", "")).getAsJsonObject();
    assertEquals(1, faults.getAsJsonArray("Faults").size(), faults.toString());
    return faults.getAsJsonArray("Faults").get(0).getAsJsonObject().get("Fired").getAsInt();
  }

  /** SIGTERM; it has to go with exit code 0. */
  private void stop() throws IOException, InterruptedException {
    process.destroy();
    boolean gone = process.waitFor(10, TimeUnit.SECONDS);
    process.destroyForcibly();
    String logged = Files.readString(log);
    Files.delete(log);
    assertTrue(gone, "still running 10 s after SIGTERM:\n" + logged);
    assertEquals(0, process.exitValue(), logged);
  }

  /** Starts servers for a test and stops them when it ends. */
  static final class Starter implements AfterEachCallback {
    private final List<Server> running = new ArrayList<>();

    /** With the built-in fixture, unless the flags name another. */
    Server start(String... flags) throws IOException {
      Server server = Server.start(flags);
      running.add(server);
      return server;
    }

    /** With some of the shared fixtures, and flows that are short but long enough to be seen. */
    Server with(String... fixtures) throws IOException {
      List<String> flags = new ArrayList<>(List.of("--flow-time", "500ms"));
      for (String fixture : fixtures) {
        flags.addAll(List.of("--fixture", FIXTURES.resolve(fixture + ".json").toString()));
      }
      return start(flags.toArray(new String[0]));
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
      for (Server server : running) {
        server.stop();
      }
      running.clear();
    }
  }
}
