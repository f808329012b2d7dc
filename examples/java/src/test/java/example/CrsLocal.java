package example;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * crs-local for JUnit 5. Copy this file; a test class says {@code @ExtendWith(CrsLocal.class)} and a
 * test takes a {@link CrsLocal.Server}.
 *
 * <p>The server is the one of {@code crs-local run -- mvn test}, where that started the tests, and else
 * one that is started here, once for all tests: {@code crs-local} from the PATH, or the binary that
 * CRS_LOCAL_BIN names. Each test finds it as it began.
 */
public final class CrsLocal implements BeforeEachCallback, ParameterResolver {
  private static final String ANNOUNCEMENT = "crs-local listening on ";

  /** Where the server is, and who calls it. */
  public static final class Server implements AutoCloseable {
    public final String url;
    public final String endpoint;
    public final String secretId = or("TENCENTCLOUD_SECRET_ID", "AKIDlocal");
    public final String secretKey = or("TENCENTCLOUD_SECRET_KEY", "local");
    public final String region = or("TENCENTCLOUD_REGION", "ap-guangzhou");
    private final Process process;

    private Server(String url, Process process) {
      this.url = url;
      this.endpoint = url.substring("http://".length());
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

    /** A call of the control API, as {@code control("POST", "/clock/advance", "{\"Seconds\":60}")}. */
    public String control(String method, String path, String body) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url + "/_crs" + path))
              .method(method, HttpRequest.BodyPublishers.ofString(body))
              .build();
      try {
        HttpResponse<String> answer =
            HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
          throw new AssertionError(method + " /_crs" + path + ": " + answer.body());
        }
        return answer.body();
      } catch (IOException | InterruptedException fault) {
        throw new AssertionError(method + " /_crs" + path, fault);
      }
    }

    @Override
    public void close() {
      if (process != null) {
        process.destroy();
      }
    }
  }

  private static String or(String variable, String other) {
    String set = System.getenv(variable);
    return set == null ? other : set;
  }

  /** The one server of all tests; JUnit closes it when the last has ended. */
  private static Server server(ExtensionContext context) {
    ExtensionContext.Store store = context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL);
    return store.getOrComputeIfAbsent(
        Server.class,
        type -> {
          try {
            return Server.start();
          } catch (IOException fault) {
            throw new IllegalStateException(fault);
          }
        },
        Server.class);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    server(context).control("POST", "/reset", "");
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Server.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return server(context);
  }
}
