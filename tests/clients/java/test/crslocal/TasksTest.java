package crslocal;

import static crslocal.Clients.INSTANCE;
import static crslocal.Clients.RUNNING;
import static crslocal.Clients.client;
import static crslocal.Clients.processed;
import static crslocal.Clients.refused;
import static crslocal.Clients.succeeded;
import static crslocal.Clients.upgrade;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tencentcloudapi.redis.v20180412.RedisClient;
import com.tencentcloudapi.redis.v20180412.models.DescribeTaskInfoRequest;
import com.tencentcloudapi.redis.v20180412.models.DescribeTaskListRequest;
import com.tencentcloudapi.redis.v20180412.models.TaskInfoDetail;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The task of a change, in the list and by its id. */
class TasksTest {
  private static final String RESIZE = "002";
  private static final long DONE = 2;

  @RegisterExtension final Server.Starter servers = new Server.Starter();

  @ParameterizedTest
  @MethodSource("crslocal.Form#all")
  void aResizeIsATask(Form form) throws Exception {
    RedisClient client = client(servers.start("--flow-time", "500ms"), form);
    upgrade(client, INSTANCE, 4096);
    TaskInfoDetail running = only(client);
    assertTrue(running.getResult() < DONE, "result " + running.getResult());
    assertTrue(running.getProgress() < 1, "progress " + running.getProgress());

    processed(client, INSTANCE, RUNNING);
    TaskInfoDetail done = only(client);
    assertEquals(running.getTaskId(), done.getTaskId());
    assertEquals(DONE, done.getResult());
    assertEquals(1, done.getProgress());
    assertTrue(done.getEndTime().compareTo(done.getStartTime()) >= 0, done.getEndTime());
    succeeded(client, done.getTaskId(), INSTANCE);
  }

  /** The only resize of the instance. */
  private static TaskInfoDetail only(RedisClient client) throws Exception {
    DescribeTaskListRequest request = new DescribeTaskListRequest();
    request.setInstanceId(INSTANCE);
    request.setTaskTypes(new String[] {RESIZE});
    request.setLimit(10L);
    TaskInfoDetail[] tasks = client.DescribeTaskList(request).getTasks();
    assertEquals(1, tasks.length);
    assertEquals(INSTANCE, tasks[0].getInstanceId());
    assertEquals(RESIZE, tasks[0].getTaskType());
    return tasks[0];
  }

  @Test
  void anUnknownTaskIsRefused() throws Exception {
    RedisClient client = client(servers.start());
    DescribeTaskInfoRequest request = new DescribeTaskInfoRequest();
    request.setTaskId(1L);
    assertEquals(
        "InvalidParameter.InvalidParameter",
        refused(() -> client.DescribeTaskInfo(request)).getErrorCode());
  }
}
