package crslocal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The code that the console's page writes for this SDK compiles and runs as it stands. */
class ConsoleTest {
  @RegisterExtension final Server.Starter servers = new Server.Starter();
  @TempDir Path folder;

  @Test
  void theCodeOfThePageRuns() throws Exception {
    Server server = servers.start("--flow-time", "500ms");
    Process codes =
        new ProcessBuilder(
                Server.ROOT.resolve("tests/clients/common/codes").toString(),
                "java",
                "http://" + server.host)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(codes.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, codes.waitFor());
    int count = 0;
    for (JsonElement one : JsonParser.parseString(said).getAsJsonArray()) {
      JsonObject call = one.getAsJsonObject();
      String name = call.get("Name").getAsString();
      String code = call.get("Code").getAsString();
      assertTrue(run(name, code).contains("\"RequestId\""), code);
      JsonObject params = call.getAsJsonObject("Params");
      if (params.has("AccountPassword")) {
        params.addProperty("AccountPassword", "***");
      }
      JsonObject expected = new JsonObject();
      expected.addProperty("Action", name);
      expected.add("Params", params);
      expected.addProperty("Exact", true);
      expected.addProperty("Exactly", 1);
      server.control("POST", "/_crs/requests/verify", expected.toString());
      count++;
    }
    assertEquals(10, count);
  }

  /** What a program prints. */
  private String run(String name, String code) throws Exception {
    Path source = folder.resolve(name + ".java");
    Files.writeString(source, code);
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    ByteArrayOutputStream faults = new ByteArrayOutputStream();
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, faults, "-encoding", "UTF-8", "-cp", classes, "-d", folder.toString(), source.toString());
    assertEquals(0, compiled, faults + "\n" + code);
    PrintStream usual = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      loader.loadClass(name).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(usual);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }
}
