using System.Net.Http.Headers;
using System.Text;
using ClientFailover.Conformance.Running;
using ClientFailover.Conformance.Streams;
using NUnit.Framework;

namespace ClientFailover.Conformance.Logging;

/// <summary>Whatever callers write into ids, names and headers, each line of the log is one that the service wrote.</summary>
public sealed class ForgedLinesTests
{
    private const string Forged = "x\r\n2026-01-01T00:00:00.000Z INF Forged[1]: by a caller\u2028\u202e\u001b[2J";

    private DataFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = DataFolder.Create();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task Lines_WhateverCallersWrite_AreTheServices()
    {
        await using var service = await RunningService.StartAsync(_folder.Path, [.. RunningService.Quick, "--Logging:LogLevel:Default", "Verbose"]);
        using var caller = new Caller(service);
        await caller.CreateGroupAsync("after\u2028a line\u202e");
        Refusals.Of(caller.Groups.GetGroupAsync(new V1.GetGroupRequest { GroupId = Forged }));
        Refusals.Of(caller.RegisterAsync("after\u2028a line\u202e", Forged));
        using (var stream = AdapterStream.Open(caller))
        {
            var hello = AdapterStream.NewHello("G", "s");
            hello.AdapterVersion = Forged;
            hello.LibraryVersion = Forged;
            await stream.SendAsync(new V1.AdapterMessage { Hello = hello });
            await stream.NextAsync();
        }

        (await caller.Rest.DeleteAsync(new Uri($"groups/{Uri.EscapeDataString(Forged)}", UriKind.Relative))).Dispose();
        using (var named = new Caller(service, new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Forged}:p")))))
        {
            (await named.Rest.GetAsync("")).Dispose();
        }

        using (var other = new Caller(service, new AuthenticationHeaderValue("Bearer", "x%0D%0A2026")))
        {
            other.Rest.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", "x\t2026-01-01T00:00:00.000Z INF Forged[1]");
            (await other.Rest.GetAsync("")).Dispose();
        }

        await service.StopAsync();

        var lines = LogFolder.ReadText(_folder.Path).Split(["\n", "\r", "\u2028", "\u0085"], StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Has.Length.GreaterThan(10));
        Assert.That(lines, Has.All.Matches<string>(l => LogFolder.IsEntry(l) || l.StartsWith("    ", StringComparison.Ordinal)));
        Assert.That(lines, Has.None.Matches<string>(l => l.Contains("Z INF Forged", StringComparison.Ordinal) && l.IndexOf("Forged", StringComparison.Ordinal) < 40));
        Assert.That(lines, Has.Some.Contains(@"after\u2028a line\u202e is created"));
        foreach (var output in new[] { service.Output, LogFolder.ReadText(_folder.Path) })
        {
            Assert.That(output, Does.Not.Contain('\u001b').And.Not.Contain('\u202e').And.Not.Contain('\u2028').And.Not.Contain('\r'));
        }
    }
}
