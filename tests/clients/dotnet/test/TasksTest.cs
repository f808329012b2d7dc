using TencentCloud.Redis.V20180412;
using TencentCloud.Redis.V20180412.Models;
using Xunit;

namespace CrsLocal
{
    /// <summary>The task of a change, in the list and by its id.</summary>
    public class TasksTest : ClientTest
    {
        private const string AResize = "002";
        private const long Done = 2;

        [Theory, MemberData(nameof(Forms), MemberType = typeof(ClientTest))]
        public void AResizeIsATask(string signature, string method)
        {
            var client = Client(Serve("--flow-time", "300ms"), signature, method);
            Resize(client, Instance, 4096);
            var running = Only(client);
            Assert.True(Whole(running.Result) < Done);
            Assert.True(running.Progress < 1);

            Processed(client, Instance);
            var done = Only(client);
            Assert.Equal(Whole(running.TaskId), Whole(done.TaskId));
            Assert.Equal(Done, Whole(done.Result));
            Assert.Equal(1, done.Progress.Value);
            Assert.True(string.CompareOrdinal(done.EndTime, done.StartTime) >= 0);
            AssertSucceeds(client, Whole(done.TaskId), Instance);
        }

        /// <summary>The only resize of the instance.</summary>
        private static TaskInfoDetail Only(RedisClient client)
        {
            var found = client.DescribeTaskListSync(new DescribeTaskListRequest
            {
                InstanceId = Instance,
                TaskTypes = new[] { AResize },
                Limit = 10,
            });
            var task = Assert.Single(found.Tasks);
            Assert.Equal(Instance, task.InstanceId);
            Assert.Equal(AResize, task.TaskType);
            return task;
        }

        [Fact]
        public void AnUnknownTaskIsRefused()
        {
            var client = Client(Serve());
            AssertRefused(
                "InvalidParameter.InvalidParameter",
                () => client.DescribeTaskInfoSync(new DescribeTaskInfoRequest { TaskId = 1 }));
        }
    }
}
