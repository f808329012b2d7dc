package example;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * crs-local for JUnit 5. Copy this file; a test class says {@code @ExtendWith(CrsLocal.class)} and a
 * test takes a {@link CrsLocal.Account}: one of its own, like the one that the server was started
 * with, so tests may run in parallel.
 *
 * <p>The server is the one of {@code crs-local run -- mvn test}, where that started the tests, and else
 * one that is started here, once for all tests: {@code crs-local} from the PATH, or the binary that
 * CRS_LOCAL_BIN names.
 */
public final class CrsLocal implements ParameterResolver {
  private static final String ANNOUNCEMENT = "crs-local listening on ";
  private static final ExtensionContext.Namespace OURS =
      ExtensionContext.Namespace.create(CrsLocal.class);

  /** Where the server is, and who calls it. JUnit closes it when its test has ended. */
  public static final class Account implements AutoCloseable {
    public final String url;
    public final String endpoint;
    public final String appId;
    public final String secretId;
    public final String secretKey;
    public final String region = or("TENCENTCLOUD_REGION", "ap-guangzhou");

    private Account(String url) {
      String made = call("POST", url + "/_crs/accounts", "");
      this.url = url;
      this.endpoint = url.substring("http://".length());
      this.appId = member(made, "AppId");
      this.secretId = member(made, "SecretId");
      this.secretKey = member(made, "SecretKey");
    }

    /**
     * A call of the control API for this account, as {@code control("POST", "/clock/advance",
     * "{\"Seconds\":60}")}.
     */
    public String control(String method, String path, String body) {
      String query = (path.contains("?") ? "&" : "?") + "AppId=" + appId;
      return call(method, url + "/_crs" + path + query, body);
    }

    @Override
    public void close() {
      call("DELETE", url + "/_crs/accounts/" + appId, "");
    }
  }

  /** The server of all tests. JUnit closes it when the last has ended. */
  private static final class Server implements AutoCloseable {
    private final String url;
    private final Process process;

    private Server(String url, Process process) {
      this.url = url;
      this.process = process;
    }

    private static Server start() throws IOException {
      String known = System.getenv("CRS_LOCAL_URL");
      if (known != null) {
        return new Server(known, null);
      }
      Process process =
          new ProcessBuilder(
                  or("CRS_LOCAL_BIN", "crs-local"), "--listen", "127.0.0.1:0", "--log", "warn")
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      // It says where it is once it is ready.
      String line =
          new BufferedReader(new InputStreamReader(process.getInputStream())).readLine();
      if (line == null || !line.startsWith(ANNOUNCEMENT)) {
        process.destroy();
        throw new IOException("crs-local did not start: it said " + line);
      }
      return new Server(line.substring(ANNOUNCEMENT.length()).trim(), process);
    }

    @Override
    public void close() {
      if (process != null) {
        process.destroy();
      }
    }
  }

  private static String call(String method, String url, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> answer =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new AssertionError(method + " " + url + ": " + answer.body());
      }
      return answer.body();
    } catch (IOException | InterruptedException fault) {
      throw new AssertionError(method + " " + url, fault);
    }
  }

  /** A member of the flat object that an account is told by. */
  private static String member(String json, String name) {
    Matcher found = Pattern.compile('"' + name + "\":\"?([^\",}]*)").matcher(json);
    if (!found.find()) {
      throw new AssertionError("no " + name + " in " + json);
    }
    return found.group(1);
  }

  private static String or(String variable, String other) {
    String set = System.getenv(variable);
    return set == null ? other : set;
  }

  private static String url(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(OURS)
        .getOrComputeIfAbsent(
            Server.class,
            type -> {
              try {
                return Server.start();
              } catch (IOException fault) {
                throw new IllegalStateException(fault);
              }
            },
            Server.class)
        .url;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Account.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getStore(OURS)
        .getOrComputeIfAbsent(
            Account.class, type -> new Account(url(context)), Account.class);
  }
}
