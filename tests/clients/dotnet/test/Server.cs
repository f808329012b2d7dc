using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;

namespace CrsLocal
{
    /// <summary>One running server on a loopback port of its own choice.</summary>
    public sealed class Server
    {
        private const string Announcement = "crs-local listening on http://";
        private const int SigTerm = 15;

        private static readonly HttpClient Http = new HttpClient(new HttpClientHandler { UseProxy = false });

        /// <summary>The root of the project's tree.</summary>
        public static readonly string Root = Path.GetFullPath(Path.Combine(ThisFolder(), "..", "..", "..", ".."));

        private readonly Process process;
        private readonly StringBuilder log = new StringBuilder();

        public Server(params string[] flags)
        {
            var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("CRS_LOCAL_BIN"))
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            };
            foreach (var flag in new[] { "--listen", "127.0.0.1:0" }.Concat(flags))
            {
                start.ArgumentList.Add(flag);
            }
            Clean(start);
            process = Process.Start(start);
            process.StandardInput.Close();
            process.ErrorDataReceived += (_, said) => { lock (log) { log.AppendLine(said.Data); } };
            process.BeginErrorReadLine();
            var line = process.StandardOutput.ReadLine();
            if (line == null || !line.StartsWith(Announcement))
            {
                process.WaitForExit();
                throw new InvalidOperationException($"the server said {line} and logged\n{Log()}");
            }
            Host = line.Substring(Announcement.Length).Trim();
        }

        /// <summary>`127.0.0.1:PORT`, as an endpoint wants it.</summary>
        public string Host { get; }

        private static string ThisFolder([CallerFilePath] string file = "")
        {
            return Path.GetDirectoryName(file);
        }

        /// <summary>Takes out what would steer the server or lead a client elsewhere.</summary>
        public static void Clean(ProcessStartInfo start)
        {
            const string steering = "^(CRS_LOCAL_.*|TENCENTCLOUD_.*|(HTTP|HTTPS|ALL|NO)_PROXY)$";
            foreach (var name in start.Environment.Keys.ToList())
            {
                if (Regex.IsMatch(name, steering, RegexOptions.IgnoreCase))
                {
                    start.Environment.Remove(name);
                }
            }
        }

        /// <summary>A loopback port that was free a moment ago, for flags that take no port 0.</summary>
        public static int FreePort()
        {
            var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var port = ((IPEndPoint)probe.LocalEndpoint).Port;
            probe.Stop();
            return port;
        }

        private string Log()
        {
            lock (log)
            {
                return log.ToString();
            }
        }

        /// <summary>A call of the control API, which has to succeed; answers the body.</summary>
        public string Control(string method, string path, JObject body = null)
        {
            var request = new HttpRequestMessage(new HttpMethod(method), $"http://{Host}{path}");
            if (body != null)
            {
                request.Content = new StringContent(body.ToString(), Encoding.UTF8, "application/json");
            }
            var answer = Http.SendAsync(request).GetAwaiter().GetResult();
            var text = answer.Content.ReadAsStringAsync().GetAwaiter().GetResult();
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                throw new InvalidOperationException($"{method} {path}: {answer.StatusCode} {text}");
            }
            return text;
        }

        /// <summary>Makes the next calls of an action fail.</summary>
        public void Fault(string action, string code, int times)
        {
            Control("POST", "/_crs/faults", new JObject
            {
                ["Match"] = new JObject { ["Action"] = action },
                ["Then"] = new JObject { ["Code"] = code },
                ["Times"] = times,
            });
        }

        /// <summary>SIGTERM; answers the exit code. A server that does not go is killed, and that is an error.</summary>
        public int Stop()
        {
            Kill(process.Id, SigTerm);
            if (!process.WaitForExit(10000))
            {
                process.Kill();
                throw new InvalidOperationException($"still running 10 s after SIGTERM:\n{Log()}");
            }
            return process.ExitCode;
        }

        [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
        private static extern int Kill(int pid, int signal);
    }
}
