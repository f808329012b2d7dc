package example;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.utility.DockerImageName;

/** crs-local in a container. Needs an engine that maps ports to this machine. */
@Testcontainers(disabledWithoutDocker = true)
class ContainerTest {
  private static final String IMAGE =
      System.getenv().getOrDefault("CRS_LOCAL_IMAGE", "crs-local:0.1.0");

  @Container
  private static final GenericContainer<?> CRS_LOCAL =
      new GenericContainer<>(DockerImageName.parse(IMAGE))
          .withExposedPorts(8239)
          .waitingFor(Wait.forHttp("/_crs/health"));

  @Test
  void itIsReadyWhenItHasStarted() throws Exception {
    String url = "http://" + CRS_LOCAL.getHost() + ":" + CRS_LOCAL.getMappedPort(8239);
    String query = "/?Action=DescribeInstances&Version=2018-04-12&Region=ap-guangzhou";
    HttpRequest request = HttpRequest.newBuilder(URI.create(url + query)).build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertTrue(answer.body().contains("crs-5qlrlhux"), answer.body());
  }
}
