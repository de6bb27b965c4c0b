using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Upgrade;

/// <summary>
/// The service on what its released versions kept: it answers what they answered. The archives were made by <c>record.py</c>.
/// </summary>
public sealed class UpgradeTests
{
    private static string[] Recorded => [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Upgrade", "Recorded"), "*.zip").Order(StringComparer.Ordinal)];

    [TestCaseSource(nameof(Recorded))]
    public async Task Start_OnWhatAReleasedVersionKept_AnswersAsThatDid(string recorded)
    {
        using var folder = DataFolder.Create();
        JsonObject expected;
        using (var archive = ZipFile.OpenRead(recorded))
        {
            foreach (var entry in archive.Entries.Where(e => e.FullName.StartsWith("data/", StringComparison.Ordinal)))
            {
                var path = folder.File(entry.FullName["data/".Length..]);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                entry.ExtractToFile(path);
            }

            using var answers = archive.GetEntry("answers.json")!.Open();
            expected = JsonNode.Parse(answers)!.AsObject();
        }

        await using var service = await RunningService.StartAsync(folder.Path, RunningService.Quick);
        using var client = ServiceClients.OpenHttp(service.Http, new SocketsHttpHandler(), service.Administrator.Header);
        Assert.That(expected, Has.Count.GreaterThan(20));
        foreach (var (path, answer) in expected)
        {
            using var response = await client.GetAsync(path);
            var body = await response.Content.ReadAsStringAsync();
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), $"{path} {body}");
            var now = JsonNode.Parse(body);
            if (path.Contains("/events?", StringComparison.Ordinal))
            {
                // Newest first: what has happened since comes before what was recorded.
                var events = now!.AsArray().Select(e => e!.ToJsonString()).ToList();
                Assert.That(events.TakeLast(answer!.AsArray().Count), Is.EqualTo(answer.AsArray().Select(e => e!.ToJsonString())), path);
            }
            else
            {
                Assert.That(JsonNode.DeepEquals(now, answer), Is.True, $"{path}\nnow  {now!.ToJsonString()}\nthen {answer!.ToJsonString()}");
            }
        }

        Assert.That(service.Output, Does.Not.Contain("cannot be decrypted"));
        await service.KillAsync();
    }
}
