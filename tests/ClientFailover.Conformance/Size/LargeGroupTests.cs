using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using ClientFailover.Conformance.Limits;
using ClientFailover.Conformance.Running;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Conformance.Size;

/// <summary>Ten thousand sessions in one group, and a watcher that cannot keep up with them.</summary>
public sealed class LargeGroupTests : OwnService
{
    private const int Sessions = 10_000;
    private const int AtOnce = 64;

    private protected override string[] Settings => ["--MaxRequestsPerSecondPerCaller", "0", "--MaxSessionsPerGroup", $"{Sessions + 1}"];

    // Each registration is a commit of its own: on a slow disk they would be most of the time of all tests.
    private protected override DataFolder CreateFolder() => DataFolder.CreateInMemory();

    [Test]
    public async Task Group_OfTenThousandSessions_Works()
    {
        var group = CallerActions.NewId();
        await Caller.CreateGroupAsync(group);
        using var slow = Watcher.Open(Caller, new V1.WatchEventsRequest { Group = group }, patience: TimeSpan.FromMinutes(5));
        var clock = Stopwatch.StartNew();

        await ForAllAsync(i => RegisterAsync(group, i));
        Report("registered", clock);
        var roles = await ForAllAsync(i => BeatAsync(group, i));
        Report("heartbeats", clock);
        var list = await Caller.Sessions.ListSessionsAsync(new V1.ListSessionsRequest { GroupId = group });
        Report("listed", clock);
        var refused = Refusals.Of(Caller.Groups.DeleteGroupAsync(new V1.DeleteGroupRequest { GroupId = group }));
        Report("refused to delete", clock);

        Assert.That(roles.Count(r => r == V1.Role.Primary), Is.EqualTo(1));
        Assert.That(list.Sessions.Select(s => s.Id).Order(), Is.EqualTo(Enumerable.Range(0, Sessions).Select(i => $"s{i:00000}")));
        Assert.That(list.Sessions.Count(s => s.HeartbeatPosted), Is.EqualTo(Sessions));
        Assert.That(list.Sessions.Count(s => s.Role == V1.Role.Primary), Is.EqualTo(1));
        refused.MustBe(StatusCode.Aborted, "GROUP_ACTIVE");
        await AssertStartedOverAsync(slow, group);
        await AssertIsFullAsync(group);
    }

    private async Task AssertIsFullAsync(string group)
    {
        Refusals.Of(Caller.RegisterAsync(group, "one too many")).MustBe(StatusCode.ResourceExhausted, "LIMIT_REACHED");
        using var rest = await Caller.Rest.PostAsJsonAsync($"groups/{group}/clientsessions", new { Id = "one too many" });

        Assert.That(rest.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(await rest.Content.ReadAsStringAsync(), Does.Contain($"\"The group has reached its limit of {Sessions + 1} sessions.\""));
        await Caller.RegisterAsync(group, "last");
        await Caller.UntilRefusedAsync("sessions_per_group", 2);
    }

    /// <summary>It never read: now it gets what fitted in between, and then everything anew.</summary>
    private async Task AssertStartedOverAsync(Watcher slow, string group)
    {
        await Caller.RegisterAsync(group, "last");
        var (events, snapshots) = (0, 0);
        var known = new HashSet<string>();
        while (!known.Contains("last"))
        {
            var update = await slow.NextAsync();
            snapshots += update.State is null ? 0 : 1;
            if (update.State is { } state)
            {
                known = [.. state.Sessions.Select(s => s.Id)];
            }
            else if (update.Event is { } happened)
            {
                events++;
                known.Add(happened.SessionId);
            }
        }

        Assert.That(events, Is.LessThan(Sessions), "It was not waited for.");
        Assert.That(snapshots, Is.GreaterThanOrEqualTo(2), "One at its start, one instead of what it missed.");
        Assert.That(known, Has.Count.EqualTo(Sessions + 1), "It knows all the same.");
    }

    private async Task<bool> RegisterAsync(string group, int i)
    {
        await Caller.RegisterAsync(group, $"s{i:00000}");
        return true;
    }

    private async Task<V1.Role> BeatAsync(string group, int i) => (await Caller.Sessions.PostHeartbeatAsync(new V1.PostHeartbeatRequest
    {
        GroupId = group,
        SessionId = $"s{i:00000}",
        Heartbeat = new V1.Heartbeat { FailoverScore = 50 },
    })).Role;

    private static async Task<T[]> ForAllAsync<T>(Func<int, Task<T>> call)
    {
        var results = new T[Sessions];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Sessions),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (i, _) => results[i] = await call(i));
        return results;
    }

    private static void Report(string what, Stopwatch clock)
    {
        TestContext.Out.WriteLine($"{what}: {clock.Elapsed.TotalSeconds:0.0} s");
        clock.Restart();
    }
}
