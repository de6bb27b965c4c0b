using System.Net.Http.Json;
using ClientFailover.Conformance.Rest;
using ClientFailover.Conformance.Running;
using ClientFailover.Conformance.Streams;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Conformance.Disk;

/// <summary>
/// The disk is full: what must be durable is refused with a reason, roles go on, and it ends by itself when there is
/// space again.
/// </summary>
[NonParallelizable]
public sealed class FullDiskTests
{
    [Test]
    public async Task FullDisk_Changes_AreRefusedWithAReasonAndChangeNothing()
    {
        using var disk = SmallDisk.Mount();
        await using var service = await RunningService.StartAsync(disk.Path, RunningService.Quick);
        using var caller = new Caller(service);
        var group = CallerActions.NewId();
        await caller.CreateGroupAsync(group);
        await caller.RegisterAsync(group, "a");
        await caller.BeatAsync(group, "a", 50);
        var full = await FillAsync(disk, caller);

        await AssertRefusedAsync(caller.Rest.PostAsJsonAsync("groups", new { Id = full }));
        await AssertRefusedAsync(caller.Rest.PostAsJsonAsync($"groups/{group}/clientsessions", new { Id = "b" }));
        await AssertRefusedAsync(caller.Rest.DeleteAsync(new Uri($"groups/{group}/clientsessions/a", UriKind.Relative)));
        await AssertRefusedAsync(caller.Rest.PostAsJsonAsync($"groups/{group}/clientsessions/a/roleoverride", new { Value = 2 }));
        await AssertRefusedAsync(caller.Rest.PutAsJsonAsync("/api/v1/configuration/logging", new { LogLevel = "Debug" }));
        var native = Refusals.Of(caller.CreateGroupAsync(full));
        using var stream = AdapterStream.Open(caller);
        await stream.SendAsync(new V1.AdapterMessage { Hello = AdapterStream.NewHello(group, "c") });
        var end = await stream.EndAsync();

        foreach (var failure in new[] { native, end })
        {
            failure.MustBe(StatusCode.Unavailable, "STORE_UNAVAILABLE");
            Assert.That(failure.GetRpcStatus()!.GetDetail<Google.Rpc.RetryInfo>(), Is.Not.Null);
            Assert.That(failure.Status.Detail, Does.Contain("disk is full"));
        }

        var session = await caller.SessionAsync(group, "a");
        Assert.That((session.Role, session.RoleOverride), Is.EqualTo((V1.Role.Primary, V1.RoleOverride.Off)));
        var sessions = await caller.Sessions.ListSessionsAsync(new V1.ListSessionsRequest { GroupId = group });
        Assert.That(sessions.Sessions.Select(s => s.Id), Is.EqualTo(new[] { "a" }));
        Assert.That(Refusals.Of(caller.StatusAsync(full)).StatusCode, Is.EqualTo(StatusCode.NotFound));

        disk.Free();
        await StoreTrouble.UntilOverAsync(() => caller.CreateGroupAsync(full));
        await caller.OverrideAsync(group, "a", V1.RoleOverride.Primary);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task FullDisk_HeartbeatsAndPromotions_GoOn(bool killWhileFull)
    {
        using var disk = SmallDisk.Mount();
        var group = CallerActions.NewId();
        long term = 0;
        await using (var service = await RunningService.StartAsync(disk.Path, RunningService.Quick))
        {
            using var caller = new Caller(service);
            await caller.CreateGroupAsync(group);
            await caller.RegisterAsync(group, "rest");
            Assert.That(await caller.BeatAsync(group, "rest", 50), Is.EqualTo(V1.Role.Primary));
            using var stream = await AdapterStream.JoinAsync(caller, group, "stream");
            await stream.BeatAndReadAsync(50);
            await FillAsync(disk, caller);

            // To and fro between a stream and REST, by score; each time with a greater term.
            for (var turn = 0; turn < 5; turn++)
            {
                await caller.BeatAsync(group, "rest", 50);
                await stream.BeatAsync(100);
                var assigned = await stream.RoleAsync(V1.Role.Primary);
                Assert.That(assigned.Term, Is.GreaterThan(term));
                term = assigned.Term;
                Assert.That(await caller.BeatAsync(group, "rest", 50), Is.EqualTo(V1.Role.Secondary));
                await stream.BeatAndReadAsync(25);
                while (await caller.BeatAsync(group, "rest", 75) != V1.Role.Primary)
                {
                }

                var taken = await stream.RoleAsync(V1.Role.Secondary);
                Assert.That(taken.Term, Is.GreaterThan(term));
                term = taken.Term;
            }

            if (!killWhileFull)
            {
                disk.Free();
                await StoreTrouble.UntilOverAsync(() => caller.RegisterAsync(group, "later"));
                var history = await caller.Events.ListEventsAsync(new V1.ListEventsRequest { GroupId = group, Count = 1000 });
                Assert.That(
                    history.Events.Where(e => e is { HasNewRole: true, NewRole: V1.Role.Primary }).Select(e => e.Term).Reverse().ToArray(),
                    Is.EqualTo(Enumerable.Range(1, (int)term)),
                    "What happened meanwhile is stored.");
                Assert.That((await caller.StatusAsync(group)).Primary, Is.EqualTo("rest"));
            }

            await service.KillAsync();
        }

        disk.Free();
        await using (var service = await RunningService.StartAsync(disk.Path, RunningService.Quick))
        {
            using var caller = new Caller(service);
            if (!killWhileFull)
            {
                Assert.That((await caller.StatusAsync(group)).Primary, Is.EqualTo("rest"));
            }

            using var stream = await AdapterStream.JoinAsync(caller, group, "stream", hello => hello.LastKnownTerm = term);
            await caller.BeatAsync(group, "rest", 50);
            await caller.OverrideAsync(group, "stream", V1.RoleOverride.Primary);
            await stream.BeatAsync(50);
            var assigned = await stream.RoleAsync(V1.Role.Primary);
            Assert.That(assigned.Term, Is.GreaterThan(term), "Terms do not go back, whatever was lost.");
        }
    }

    [Test]
    public async Task FullDisk_PrimaryIsLost_AnotherTakesOver()
    {
        using var disk = SmallDisk.Mount();
        await using var service = await RunningService.StartAsync(disk.Path, [.. RunningService.Quick, "--ConnectionLossGrace", "00:00:00.2"]);
        using var caller = new Caller(service);
        using var far = new Caller(service);
        using var pair = await StreamPair.JoinAsync(far, caller);
        await FillAsync(disk, caller);

        far.Cut();
        var assigned = await pair.Secondary.RoleAsync(V1.Role.Primary);

        Assert.That((assigned.Term, assigned.Reason), Is.EqualTo((2, V1.Reason.PrimaryConnectionLost)));
    }

    /// <summary>Fills the disk, and what room is left in the files that are there already.</summary>
    /// <returns>The id of a group for which there was no room.</returns>
    private static async Task<string> FillAsync(SmallDisk disk, Caller caller)
    {
        disk.Fill();
        while (true)
        {
            var group = CallerActions.NewId("filler");
            try
            {
                await caller.Groups.CreateGroupAsync(new V1.CreateGroupRequest
                {
                    Group = new V1.GroupConfiguration
                    {
                        Id = group,
                        Description = new string('x', 4096),
                        FailoverTimeout = Duration.FromTimeSpan(CallerActions.Long),
                    },
                });
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
            {
                return group;
            }
        }
    }

    private static async Task AssertRefusedAsync(Task<HttpResponseMessage> call)
    {
        using var response = await call;
        var reply = new Reply(response.StatusCode, await response.Content.ReadAsStringAsync(), response);
        reply.IsError(503, "STORE_UNAVAILABLE", "The change was not made.", "The disk is full.", "Try again later. Roles and heartbeats are not affected.");
        Assert.That(reply.Header("Retry-After"), Is.EqualTo("5"));
    }
}
